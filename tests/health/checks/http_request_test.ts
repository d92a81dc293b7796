import { assertEquals, assertStringIncludes } from "@std/assert";
import { probe } from "../../../src/health/probe.ts";
import type { ProbeResult } from "../../../src/health/types.ts";
import { HTTP_METHODS } from "../../../src/model/health_spec.ts";
import { engineCheck } from "../../fixtures/health_spec.ts";

const NOTHING = { expect: {}, identify: {} } as const;

interface ReceivedRequest {
  readonly method: string;
  readonly headers: Headers;
}

type Given = Parameters<typeof engineCheck>[1];

/** Runs a check against a server and returns the result and the requests. */
async function probeServer(
  answer: (request: Request) => Response,
  given: Given,
  { hostname = "127.0.0.1", host = hostname }: { hostname?: string; host?: string } = {},
): Promise<{ result: ProbeResult; requests: ReceivedRequest[] }> {
  const requests: ReceivedRequest[] = [];
  const server = Deno.serve({ hostname, port: 0, onListen: () => {} }, (request) => {
    requests.push({ method: request.method, headers: new Headers(request.headers) });
    return answer(request);
  });
  try {
    const check = engineCheck(`http://${host}:${server.addr.port}/health`, given);
    return { result: await probe(check, { timeoutMs: 2_000 }), requests };
  } finally {
    await server.shutdown();
  }
}

async function headerOf(name: string, given: Given): Promise<string | null> {
  const { requests } = await probeServer(() => Response.json({ status: "ok" }), given);
  return requests[0]!.headers.get(name);
}

Deno.test("probe() of http accepts everything, and prefers JSON where fields are expected", async () => {
  assertEquals(await headerOf("accept", NOTHING), "*/*");
  const json = "application/json, */*;q=0.1";
  assertEquals(await headerOf("accept", { ...NOTHING, expect: { status: "ok" } }), json);
  assertEquals(await headerOf("accept", { ...NOTHING, identify: { status: "ok" } }), json);
});

Deno.test("probe() of http sends the headers of the check, also Host and Accept", async () => {
  const headers = { Host: "app.example:1", Authorization: "Bearer t", accept: "text/plain" };
  for (const [name, value] of Object.entries(headers)) {
    assertEquals(await headerOf(name, { ...NOTHING, headers }), value);
  }
});

Deno.test("probe() of http uses the method of the check", async () => {
  for (const method of HTTP_METHODS) {
    const { result, requests } = await probeServer(
      (request) => new Response(null, { status: request.method === method ? 200 : 405 }),
      { ...NOTHING, method },
    );
    assertEquals([result.kind, requests[0]!.method], ["healthy", method]);
  }
});

Deno.test("probe() of http is healthy exactly on the statuses of the check", async () => {
  async function kindOn(status: number, accepted: readonly (readonly [number, number])[]) {
    const answer = () => new Response(null, { status, headers: { location: "/login" } });
    const { result } = await probeServer(answer, { ...NOTHING, status: accepted });
    return result.kind === "healthy" ? "healthy" : result.reason.replace(/^\S+ /, "");
  }
  assertEquals(await kindOn(401, [[200, 299], [401, 401]]), "healthy");
  assertEquals(await kindOn(204, [[200, 299], [401, 401]]), "healthy");
  assertEquals(
    await kindOn(403, [[200, 299], [401, 401]]),
    "returned 403 (a redirect to /login), expected 2xx or 401",
  );
  assertEquals(await kindOn(302, [[200, 399]]), "healthy");
  assertEquals(
    await kindOn(200, [[204, 204]]),
    "returned 200 (a redirect to /login), expected 204",
  );
});

Deno.test("probe() of http compares fields in an answer with an accepted error status", async () => {
  const { result } = await probeServer(
    () => Response.json({ runtime: "other" }, { status: 503 }),
    { status: [[503, 503]], expect: {}, identify: { runtime: "engine" } },
  );
  assertEquals(result.kind, "foreign");
});

for (const hostname of ["127.0.0.1", "::1"]) {
  for (const host of ["localhost", "app.localhost"]) {
    Deno.test(`probe() of http://${host} is healthy when the server listens on ${hostname}`, async () => {
      const { result, requests } = await probeServer(
        (request) => Response.json({ host: request.headers.get("host") }),
        NOTHING,
        { hostname, host },
      );
      assertEquals(result.kind, "healthy");
      // Servers that serve several hosts decide by this name.
      assertStringIncludes(requests[0]!.headers.get("host")!, `${host}:`);
      assertEquals(requests.length, 1);
    });
  }
}

Deno.test("probe() of http sends one request when the server listens on both loopback addresses", async () => {
  const { result, requests } = await probeServer(() => new Response(), NOTHING, {
    hostname: "::",
    host: "localhost",
  });
  assertEquals([result.kind, requests.length], ["healthy", 1]);
});

Deno.test("probe() of http reaches a server at 0.0.0.0 by loopback", async () => {
  const { result } = await probeServer(() => new Response(), NOTHING, { hostname: "0.0.0.0" });
  assertEquals(result.kind, "healthy");
});

Deno.test("probe() of http://localhost is healthy when a program on the other address is not", async () => {
  for (const behaviour of ["error", "silent"]) {
    const other = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
      if (behaviour === "error") return new Response("no", { status: 404 });
      return new Promise<Response>(() => {});
    });
    const { port } = other.addr;
    const server = Deno.serve({ hostname: "::1", port, onListen: () => {} }, () => new Response());
    const check = engineCheck(`http://localhost:${port}/`, NOTHING);
    assertEquals(await probe(check, { timeoutMs: 400 }), { kind: "healthy", body: {} });
    await server.shutdown();
    const alone = await probe(check, { timeoutMs: 400 });
    // Not that nothing listens at ::1.
    assertEquals(alone.kind, behaviour === "error" ? "unhealthy" : "timeout");
    if (behaviour === "error") await other.shutdown();
    else other.unref();
  }
});

Deno.test("probe() of http://localhost returns refused when neither address accepts", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  assertEquals(await probe(engineCheck(`http://localhost:${port}/`), { timeoutMs: 2_000 }), {
    kind: "refused",
    reason: `nothing listens at localhost:${port}`,
    runtime: null,
  });
});
