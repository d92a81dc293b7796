import { assertEquals, assertNotEquals } from "@std/assert";
import { SupervisorClient } from "../../../src/supervise/api/api_client.ts";
import { newChallenge, proofOf } from "../../../src/supervise/api/supervisor_proof.ts";
import { errorOf, ServedHome } from "./served_home.ts";

const signal = AbortSignal.timeout(60_000);

Deno.test("proofOf() is the HMAC-SHA256 of the challenge under the token", () => {
  // Test case 2 of RFC 4231.
  assertEquals(
    proofOf("Jefe", "what do ya want for nothing?"),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
});

Deno.test("newChallenge() never repeats", () => {
  assertNotEquals(newChallenge(), newChallenge());
});

Deno.test("a supervisor proves that it knows the token, and is asked without it", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  using client = new SupervisorClient(endpoint);
  assertEquals(await client.isProved(signal), true);
  // The endpoint file of another supervisor, whose port this one has.
  using stale = new SupervisorClient({ ...endpoint, token: "0".repeat(64) });
  assertEquals(await stale.isProved(signal), false);
});

Deno.test("the API proves nothing about what is not a challenge", async () => {
  await using home = new ServedHome();
  const { url } = await home.serve();
  for (const challenge of ["", "0", "g".repeat(64), "0".repeat(65), "A".repeat(64)]) {
    assertEquals(await errorOf(fetch(`${url}/v1/proof?challenge=${challenge}`)), [401, "usage"]);
  }
});

Deno.test("SupervisorClient.isProved() leaves open whether a server without the question is one", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => Response.json({}, { status: 401 }),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  using client = new SupervisorClient({ url, token: "t", pid: 1, version: "0.1.0" });
  assertEquals(await client.isProved(signal), null);
  await server.shutdown();
});
