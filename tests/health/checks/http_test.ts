import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertLess,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { probe } from "../../../src/health/probe.ts";
import type { ProbeResult } from "../../../src/health/types.ts";
import { engineCheck } from "../../fixtures/health_spec.ts";
import { type Behaviour, ReleasesServer } from "../../fixtures/releases_server.ts";

const WELL = { runtime: "engine", status: "ok", version: "2.3.19" };

function json(body: unknown, status = 200): Behaviour {
  const headers = { "content-type": "application/json" };
  return { kind: "answer", body: JSON.stringify(body), status, headers };
}

/** What a check of an engine sees when the server behaves so. */
async function seen(
  behaviour: Behaviour,
  given: Parameters<typeof engineCheck>[1] = {},
  timeoutMs = 2_000,
): Promise<ProbeResult> {
  await using server = new ReleasesServer();
  server.route("/health", behaviour);
  return await probe(engineCheck(`${server.endpoint}/health`, given), { timeoutMs });
}

/** The reason of a check that was not healthy. */
function reasonOf(result: ProbeResult): string {
  assert(result.kind !== "healthy");
  return result.reason;
}

Deno.test("probe() of http is healthy when the fields are as expected", async () => {
  assertEquals(await seen(json(WELL)), { kind: "healthy", body: WELL });
});

Deno.test("probe() of http is healthy on any 2xx when nothing is expected", async () => {
  const nothing = { expect: {}, identify: {} };
  assertEquals(await seen({ kind: "answer", body: "<html>" }, nothing), {
    kind: "healthy",
    body: {},
  });
  assertEquals(await seen({ kind: "answer", body: "", status: 204 }, nothing), {
    kind: "healthy",
    body: {},
  });
});

Deno.test("probe() of http calls it foreign when another runtime answers, and names it", async () => {
  const result = await seen(json({ runtime: "postgrest", status: "ok" }));
  assertEquals(result, {
    kind: "foreign",
    reason: reasonOf(result),
    runtime: "postgrest",
  });
  assertStringIncludes(reasonOf(result), 'runtime = "postgrest", not "engine"');
});

for (
  const [what, behaviour, runtime] of [
    ["another runtime is unwell", json({ runtime: "other" }, 503), "other"],
    ["the runtime is no text", json({ runtime: 7 }), null],
    ["the answer does not say whose it is", json({ status: "ok" }), null],
    ["the answer is a page with status 200", {
      kind: "answer",
      body: "<!DOCTYPE html><title>Sign in</title>",
      headers: { "content-type": "text/html" },
    }, null],
    ["the answer is JSON but no object", json(["engine"]), null],
    ["the answer is null", json(null), null],
    ["the answer is empty", { kind: "answer", body: "" }, null],
  ] as const
) {
  Deno.test(`probe() of http calls it foreign when ${what}`, async () => {
    const result = await seen(behaviour);
    assertEquals([result.kind, result.kind === "foreign" && result.runtime], ["foreign", runtime]);
  });
}

for (
  const [what, behaviour, reason] of [
    ["the engine says so", json({ ...WELL, status: "starting" }), /status = "starting", not "ok"/],
    ["the engine answers 503", json({ runtime: "engine", status: "ok" }, 503), /answered 503/],
    ["an error does not say who it is from", json({ error: "not yet" }, 503), /answered 503/],
    ["an error is a page", { kind: "answer", body: "<html>", status: 502 }, /answered 502/],
    ["there is nothing under the path", { kind: "answer", body: "no", status: 404 }, /404/],
  ] as const
) {
  Deno.test(`probe() of http is unhealthy when ${what}`, async () => {
    const result = await seen(behaviour);
    assertEquals(result.kind, "unhealthy");
    assertMatch(reasonOf(result), reason);
  });
}

Deno.test("probe() of http is unhealthy when the version is another", async () => {
  const result = await seen(json(WELL), { expect: { status: "ok", version: "2.3.20" } });
  assertEquals(result.kind, "unhealthy");
  assertStringIncludes(reasonOf(result), 'version = "2.3.19", not "2.3.20"');
});

Deno.test("probe() of http tells 1 from true and from text", async () => {
  for (const wanted of [true, "1"]) {
    const result = await seen(json({ ready: 1 }), { identify: {}, expect: { ready: wanted } });
    assertEquals(result.kind, "unhealthy");
  }
  const result = await seen(json({ ready: 1 }), { identify: {}, expect: { ready: 1 } });
  assertEquals(result.kind, "healthy");
});

Deno.test("probe() of http does not follow a redirect, and says where it leads", async () => {
  await using elsewhere = new ReleasesServer();
  elsewhere.route("/health", json(WELL));
  await using server = new ReleasesServer();
  for (const status of [301, 302, 307, 308]) {
    server.redirect("/health", `${elsewhere.endpoint}/health`, status);
    const result = await probe(engineCheck(`${server.endpoint}/health`), { timeoutMs: 2_000 });
    assertEquals(result.kind, "unhealthy");
    assertStringIncludes(reasonOf(result), `a redirect to ${elsewhere.endpoint}/health`);
  }
  assertEquals(elsewhere.requests(), 0);
});

for (
  const [what, behaviour] of [
    ["it accepts and never answers", { kind: "silent" }],
    ["the body stalls", {
      kind: "stalled",
      body: new TextEncoder().encode(JSON.stringify(WELL)),
      sent: 5,
    }],
    ["a byte drips in now and then", {
      kind: "dripping",
      body: new TextEncoder().encode(JSON.stringify(WELL)),
      pauseMs: 100,
    }],
  ] as const
) {
  Deno.test(`probe() of http holds its deadline when ${what}`, async () => {
    const startedAt = performance.now();
    const result = await seen(behaviour, {}, 300);
    const ms = performance.now() - startedAt;
    assertEquals(result.kind, "timeout");
    assertStringIncludes(reasonOf(result), "within 300ms");
    assertGreaterOrEqual(ms, 295);
    assertLess(ms, 2_000);
  });
}

Deno.test("probe() of http reads no more of a huge answer than it needs", async () => {
  const startedAt = performance.now();
  const result = await seen({ kind: "zeros", size: 1 << 30 }, {}, 5_000);
  assertEquals(result.kind, "foreign");
  assertLess(performance.now() - startedAt, 2_500);
});

Deno.test("probe() of http is not healthy when the answer is cut", async () => {
  const body = new TextEncoder().encode(JSON.stringify(WELL));
  for (
    const behaviour of [
      { kind: "closed" },
      { kind: "truncated", body, sent: 10 },
      { kind: "cut_chunked", body },
    ] as const
  ) {
    assertEquals((await seen(behaviour)).kind, "unhealthy", behaviour.kind);
  }
});

Deno.test("probe() of http tells what does not speak HTTP", async () => {
  const result = await seen({ kind: "garbage" });
  assertEquals(result.kind, "not_http");
  // Servers of mail, shells and databases speak before they are asked.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const greeted = (async () => {
    using connection = await listener.accept();
    await connection.write(new TextEncoder().encode("220 mail.example ESMTP\r\n"));
    // Until the other side hangs up, which it may do by a reset.
    await connection.read(new Uint8Array(1 << 10)).catch(() => {});
  })();
  const endpoint = `http://127.0.0.1:${listener.addr.port}/health`;
  const greeting = await probe(engineCheck(endpoint, {}), { timeoutMs: 2_000 });
  await greeted;
  assertEquals(greeting.kind, "not_http");
  assertMatch(reasonOf(result), /^127\.0\.0\.1:\d+ does not speak HTTP$/);
});

Deno.test("probe() of http tells when nobody listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const result = await probe(engineCheck(`http://127.0.0.1:${port}/health`), { timeoutMs: 2_000 });
  assertEquals(result, {
    kind: "refused",
    reason: `nothing listens at 127.0.0.1:${port}`,
    runtime: null,
  });
});

Deno.test("probe() of http speaks to an IPv6 endpoint", async () => {
  const server = Deno.serve({ hostname: "::1", port: 0, onListen: () => {} }, () => {
    return Response.json(WELL);
  });
  try {
    const check = engineCheck(`http://[::1]:${server.addr.port}/health`);
    assertEquals(await probe(check, { timeoutMs: 2_000 }), { kind: "healthy", body: WELL });
  } finally {
    await server.shutdown();
  }
});

Deno.test("probe() of http sends an ordinary request, and a new connection each time", async () => {
  const heads: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    heads.push(`${request.method} ${new URL(request.url).pathname}${new URL(request.url).search}`);
    heads.push(request.headers.get("connection") ?? "");
    return Response.json(WELL);
  });
  try {
    const check = engineCheck(`http://127.0.0.1:${server.addr.port}/a/health?full=1`);
    await probe(check, { timeoutMs: 2_000 });
    assertEquals(heads, ["GET /a/health?full=1", "close"]);
  } finally {
    await server.shutdown();
  }
});

Deno.test("probe() rejects with the signal's reason when it is aborted", async () => {
  await using server = new ReleasesServer();
  server.route("/health", { kind: "silent" });
  const aborted = new AbortController();
  const probing = probe(engineCheck(`${server.endpoint}/health`), {
    timeoutMs: 60_000,
    signal: aborted.signal,
  });
  const rejected = assertRejects(() => probing, Error, "enough");
  aborted.abort(new Error("enough"));
  await rejected;
});
