import { assertEquals, assertMatch } from "@std/assert";
import { portTaken } from "../../../src/app/supervisor/port_owner.ts";
import { engineCheck, healthSpec } from "../../fixtures/health_spec.ts";
import { serviceSpec } from "../../fixtures/service_spec.ts";

const NEVER = new AbortController().signal;

Deno.test("portTaken() sends another program no headers of the service's health check", async () => {
  const received: (string | null)[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    received.push(`${request.method} ${request.headers.get("authorization")}`);
    return Response.json({ runtime: "other" });
  });
  try {
    const check = engineCheck(`http://127.0.0.1:${server.addr.port}/`, {
      method: "POST",
      headers: { Authorization: "hunter2" },
    });
    const error = await portTaken(serviceSpec("api", { health: healthSpec(check) }), NEVER);
    assertEquals(error?.code, "port_occupied");
    assertMatch(error!.message, /it identifies itself as "other"/);
    assertEquals(received, ["GET null"]);
  } finally {
    await server.shutdown();
  }
});

Deno.test("portTaken() says that the other program does not speak HTTP", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answering = (async () => {
    for await (const connection of listener) {
      await connection.write(new TextEncoder().encode("220 mail ready\r\n"));
      connection.close();
    }
  })();
  const { port } = listener.addr as Deno.NetAddr;
  const check = engineCheck(`http://127.0.0.1:${port}/`);
  const error = await portTaken(serviceSpec("api", { health: healthSpec(check) }), NEVER);
  assertMatch(error!.message, /^Port \d+ on 127\.0\.0\.1, .*it does not speak HTTP\)/);
  listener.close();
  await answering;
});

Deno.test("portTaken() says that the other program does not respond", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const check = engineCheck(`http://127.0.0.1:${port}/`);
  const error = await portTaken(serviceSpec("api", { health: healthSpec(check) }), NEVER);
  assertMatch(error!.message, /; it accepts connections but does not respond\)/);
});

for (const hostname of ["127.0.0.1", "::1"]) {
  Deno.test(`portTaken() finds a program on ${hostname} when the endpoint is at localhost`, async () => {
    using listener = Deno.listen({ hostname, port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    const spec = serviceSpec("api", { endpoint: `redis://localhost:${port}` });
    const error = await portTaken(spec, NEVER);
    assertEquals([error?.code, error?.fields.port], ["port_occupied", port]);
  });
}
