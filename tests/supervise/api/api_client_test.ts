import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { SupervisorClient } from "../../../src/supervise/api/api_client.ts";
import { isUnresponsive } from "../../../src/supervise/api/unresponsive.ts";
import { type Behaviour, ReleasesServer } from "../../fixtures/releases_server.ts";

/** The error of a client that sends a request to a server with the given behaviour. */
async function errorOf<T>(
  behaviour: Behaviour,
  send: (client: SupervisorClient) => Promise<T>,
): Promise<HaleError> {
  await using server = new ReleasesServer();
  for (const path of ["/health", "/v1/shutdown", "/v1/runtimes/r1", "/v1/runtimes/r1/stop"]) {
    server.route(path, behaviour);
  }
  server.route("/v1/runtimes/r1/events?after=0", behaviour);
  using client = new SupervisorClient({
    url: server.endpoint,
    token: "sesame",
    pid: 4711,
    version: "1.0.0",
  });
  return await assertRejects(() => send(client), HaleError);
}

const REQUESTS: Readonly<Record<string, (client: SupervisorClient) => Promise<unknown>>> = {
  health: (client) => client.health(),
  status: (client) => client.status("r1"),
  stop: (client) => client.stop("r1", { services: [] }),
  shutdown: (client) => client.shutdown(),
  events: (client) => Array.fromAsync(client.events("r1", 0, new AbortController().signal)),
};

for (const [name, send] of Object.entries(REQUESTS)) {
  Deno.test(`SupervisorClient.${name}() throws the error of the response`, async () => {
    const expected = new HaleError("unknown_service", "There is no service x.", {
      fields: { service: "x" },
    });
    const body = JSON.stringify({ error: expected.toJSON() });
    const error = await errorOf({ kind: "answer", status: 404, body }, send);
    assertEquals(error.toJSON(), expected.toJSON());
  });

  for (
    const behaviour of [
      { kind: "closed" },
      { kind: "garbage" },
      { kind: "answer", status: 404, body: "<html>Not found</html>" },
      { kind: "answer", status: 500, body: "{}" },
      { kind: "answer", status: 200, body: "<html>", headers: { "content-length": "1000" } },
    ] as const
  ) {
    Deno.test(
      `SupervisorClient.${name}() throws when another program answers (${behaviour.kind} ${
        "status" in behaviour ? behaviour.status : ""
      })`,
      async () => {
        const error = await errorOf(behaviour, send);
        assertEquals(error.code, "supervisor_unavailable");
      },
    );
  }
}

for (const name of ["health", "status", "stop", "shutdown"]) {
  Deno.test(`SupervisorClient.${name}() throws when the response is a page`, async () => {
    const page = { kind: "answer", body: "<html>Welcome</html>" } as const;
    const error = await errorOf(page, REQUESTS[name]!);
    assertEquals(error.code, "supervisor_unavailable");
  });
}

Deno.test("SupervisorClient names the supervisor that does not respond, and a remedy", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const url = `http://127.0.0.1:${port}`;
  using client = new SupervisorClient({ url, token: "sesame", pid: 4711, version: "1.0.0" });
  for (const [name, send] of Object.entries(REQUESTS)) {
    const error = await assertRejects(() => send(client), HaleError);
    assertEquals({ code: error.code, pid: error.fields.pid }, {
      code: "supervisor_unavailable",
      pid: 4711,
    }, name);
    assertStringIncludes(error.message, "pid 4711");
    assertStringIncludes(
      error.message,
      ") ended, or gave no valid response, before the command was done. Run the command again: it " +
        "starts another supervisor if none is alive.",
    );
  }
});

Deno.test("SupervisorClient does not include the token in errors", async () => {
  const error = await errorOf({ kind: "garbage" }, (client) => client.health());
  assert(!JSON.stringify(error).includes("sesame") && !String(error.stack).includes("sesame"));
});

Deno.test("SupervisorClient.events() ends without an error when its signal aborts", async () => {
  await using server = new ReleasesServer();
  server.route("/v1/runtimes/r1/events?after=0", { kind: "silent" });
  const body = new TextEncoder().encode('id: 1\ndata: {"id":1}\n\nid: 2');
  server.route("/v1/runtimes/r1/events?after=1", { kind: "stalled", body, sent: body.length - 2 });
  const { endpoint: url } = server;
  using client = new SupervisorClient({ url, token: "sesame", pid: 4711, version: "1.0.0" });

  const ended = new AbortController();
  const first = Array.fromAsync(client.events("r1", 0, ended.signal));
  while (server.requests() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  ended.abort();
  assertEquals(await first, []);

  const second = new AbortController();
  const seen: unknown[] = [];
  for await (const event of client.events("r1", 1, second.signal)) {
    seen.push(event);
    second.abort();
  }
  assertEquals(seen, [{ id: 1 }] as unknown[]);
});

Deno.test("SupervisorClient names a supervisor that accepts a request and does not answer", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const endpoint = { url: `http://127.0.0.1:${port}`, token: "t", pid: 4711, version: "1.0.0" };
  using client = new SupervisorClient(endpoint, { home: "/h", log: "/h/log", answerMs: 50 });
  const requests = [
    () => client.status("app"),
    () => client.shutdown(),
    // It asks for the status meanwhile.
    () => client.stop("app", { services: ["web"] }),
  ];
  for (const request of requests) {
    const error = await assertRejects(request, HaleError);
    assertEquals([error.code, isUnresponsive(error)], ["supervisor_unavailable", true]);
    assertStringIncludes(error.message, "The supervisor (pid 4711) of the home /h is running");
    assertStringIncludes(error.message, "`kill -9 4711`");
  }
});

Deno.test("SupervisorClient rejects with the reason of the caller's signal", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const endpoint = { url: `http://127.0.0.1:${port}`, token: "t", pid: 4711, version: "1.0.0" };
  using client = new SupervisorClient(endpoint);
  const reason = new HaleError("interrupted", "Interrupted.");
  const aborted = () => AbortSignal.abort(reason);
  assertEquals(await client.status("app", aborted()).catch((error) => error), reason);
  const stop = client.stop("app", { services: ["web"] }, aborted());
  assertEquals(await stop.catch((error) => error), reason);
});
