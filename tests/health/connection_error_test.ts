import { assertEquals } from "@std/assert";
import { connectionFailure } from "../../src/health/connection_error.ts";

Deno.test("connectionFailure() says that hale may not connect, or that nothing listens", async () => {
  assertEquals(
    connectionFailure("a.example", "a.example:1", new Deno.errors.NotCapable("net")),
    {
      kind: "unhealthy",
      reason: "hale has no permission to connect to a.example: only loopback addresses and the " +
        "release hosts are allowed",
      runtime: null,
    },
  );
  const refused = await Deno.connect({ hostname: "127.0.0.1", port: 1 }).catch((error) => error);
  assertEquals(connectionFailure("127.0.0.1", "127.0.0.1:1", refused), {
    kind: "refused",
    reason: "nothing listens at 127.0.0.1:1",
    runtime: null,
  });
  assertEquals(connectionFailure("a", "a:1", new Error("other")), null);
});
