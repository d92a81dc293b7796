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

/** Checks an engine whose server behaves in a given way. */
async function probeEngine(
  behaviour: Behaviour,
  given: Parameters<typeof engineCheck>[1] = {},
  timeoutMs = 2_000,
): Promise<ProbeResult> {
  await using server = new ReleasesServer();
  server.route("/health", behaviour);
  return await probe(engineCheck(`${server.endpoint}/health`, given), { timeoutMs });
}

/** The reason of a failed check. */
function reasonOf(result: ProbeResult): string {
  assert(result.kind !== "healthy");
  return result.reason;
}

Deno.test("probe() of http is healthy when the fields have the expected values", async () => {
  assertEquals(await probeEngine(json(WELL)), { kind: "healthy", body: WELL });
});

Deno.test("probe() of http is healthy on any 2xx when nothing is expected", async () => {
  const nothing = { expect: {}, identify: {} };
  assertEquals(await probeEngine({ kind: "answer", body: "<html>" }, nothing), {
    kind: "healthy",
    body: {},
  });
  assertEquals(await probeEngine({ kind: "answer", body: "", status: 204 }, nothing), {
    kind: "healthy",
    body: {},
  });
});

Deno.test("probe() of http returns foreign and the name when another runtime answers", async () => {
  const result = await probeEngine(json({ runtime: "postgrest", status: "ok" }));
  assertEquals(result, {
    kind: "foreign",
    reason: reasonOf(result),
    runtime: "postgrest",
  });
  assertStringIncludes(reasonOf(result), 'runtime = "postgrest", expected "engine"');
});

for (
  const [what, behaviour, runtime] of [
    ["another runtime returns an error", json({ runtime: "other" }, 503), "other"],
    ["the runtime is not a string", json({ runtime: 7 }), null],
    ["the body has no runtime", json({ status: "ok" }), null],
    ["the body is a page with status 200", {
      kind: "answer",
      body: "<!DOCTYPE html><title>Sign in</title>",
      headers: { "content-type": "text/html" },
    }, null],
    ["the body is JSON but not an object", json(["engine"]), null],
    ["the body is null", json(null), null],
    ["the body is empty", { kind: "answer", body: "" }, null],
  ] as const
) {
  Deno.test(`probe() of http returns foreign when ${what}`, async () => {
    const result = await probeEngine(behaviour);
    assertEquals([result.kind, result.kind === "foreign" && result.runtime], ["foreign", runtime]);
  });
}

Deno.test("probe() of http says that an answer is no JSON object", async () => {
  const result = await probeEngine(json(["engine"]));
  assertMatch(reasonOf(result), /^http:\/\/\S+ returned 200 without a JSON object$/);
});

for (
  const [what, behaviour, reason] of [
    [
      "a field differs",
      json({ ...WELL, status: "starting" }),
      /status = "starting", expected "ok"/,
    ],
    ["the engine returns 503", json({ runtime: "engine", status: "ok" }, 503), /returned 503/],
    ["an error body has no runtime", json({ error: "not yet" }, 503), /returned 503/],
    ["an error body is a page", { kind: "answer", body: "<html>", status: 502 }, /returned 502/],
    ["the path does not exist", { kind: "answer", body: "no", status: 404 }, /404/],
  ] as const
) {
  Deno.test(`probe() of http is unhealthy when ${what}`, async () => {
    const result = await probeEngine(behaviour);
    assertEquals(result.kind, "unhealthy");
    assertMatch(reasonOf(result), reason);
  });
}

Deno.test("probe() of http is unhealthy when the version differs", async () => {
  const result = await probeEngine(json(WELL), { expect: { status: "ok", version: "2.3.20" } });
  assertEquals(result.kind, "unhealthy");
  assertStringIncludes(reasonOf(result), 'version = "2.3.19", expected "2.3.20"');
});

Deno.test("probe() of http distinguishes 1 from true and from a string", async () => {
  for (const ready of [true, "1"]) {
    const result = await probeEngine(json({ ready: 1 }), { identify: {}, expect: { ready } });
    assertEquals(result.kind, "unhealthy");
  }
  const result = await probeEngine(json({ ready: 1 }), { identify: {}, expect: { ready: 1 } });
  assertEquals(result.kind, "healthy");
});

Deno.test("probe() of http does not follow a redirect and reports its target", async () => {
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
    ["the server accepts and never answers", { kind: "silent" }],
    ["the body stalls", {
      kind: "stalled",
      body: new TextEncoder().encode(JSON.stringify(WELL)),
      sent: 5,
    }],
    ["the body arrives byte by byte", {
      kind: "dripping",
      body: new TextEncoder().encode(JSON.stringify(WELL)),
      pauseMs: 100,
    }],
  ] as const
) {
  Deno.test(`probe() of http returns at its deadline when ${what}`, async () => {
    const startedAt = performance.now();
    const result = await probeEngine(behaviour, {}, 300);
    const ms = performance.now() - startedAt;
    assertEquals(result.kind, "timeout");
    assertStringIncludes(reasonOf(result), "within 300ms");
    assertGreaterOrEqual(ms, 295);
    assertLess(ms, 2_000);
  });
}

Deno.test("probe() of http stops reading a huge body early", async () => {
  const startedAt = performance.now();
  const result = await probeEngine({ kind: "zeros", size: 1 << 30 }, {}, 5_000);
  assertEquals(result.kind, "foreign");
  assertLess(performance.now() - startedAt, 2_500);
});

Deno.test("probe() of http is unhealthy when the response is cut off", async () => {
  const body = new TextEncoder().encode(JSON.stringify(WELL));
  for (
    const behaviour of [
      { kind: "closed" },
      { kind: "truncated", body, sent: 10 },
      { kind: "cut_chunked", body },
    ] as const
  ) {
    assertEquals((await probeEngine(behaviour)).kind, "unhealthy", behaviour.kind);
  }
});

Deno.test("probe() of http returns not_http when the answer is not HTTP", async () => {
  const result = await probeEngine({ kind: "garbage" });
  assertEquals(result.kind, "not_http");
  // Mail, SSH and database servers send first.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const greeted = (async () => {
    using connection = await listener.accept();
    await connection.write(new TextEncoder().encode("220 mail.example ESMTP\r\n"));
    // Wait until the client closes the connection; it may reset it.
    await connection.read(new Uint8Array(1 << 10)).catch(() => {});
  })();
  const endpoint = `http://127.0.0.1:${listener.addr.port}/health`;
  const greeting = await probe(engineCheck(endpoint, {}), { timeoutMs: 2_000 });
  await greeted;
  assertEquals(greeting.kind, "not_http");
  assertMatch(reasonOf(result), /^127\.0\.0\.1:\d+ does not speak HTTP$/);
});

Deno.test("probe() of http returns refused when nothing listens", async () => {
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

Deno.test("probe() of http connects to an IPv6 endpoint", async () => {
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

Deno.test("probe() of http sends a GET request and asks to close the connection", async () => {
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

Deno.test("probe() rejects with the signal's reason when aborted", async () => {
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
