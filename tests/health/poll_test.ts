import {
  assert,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertObjectMatch,
  assertRejects,
} from "@std/assert";
import { pollHealth } from "../../src/health/poll.ts";
import { engineCheck, healthSpec } from "../fixtures/health_spec.ts";
import { type Behaviour, ReleasesServer } from "../fixtures/releases_server.ts";
import { unixTest } from "../fixtures/unix_test.ts";

const LAUNCH = {
  cwd: "/",
  env: {},
  stdoutPath: "/nowhere/out",
  stderrPath: "/nowhere/err",
  stdoutOffset: 0,
  stderrOffset: 0,
};
const NEVER = new AbortController().signal;
const WELL: Behaviour = { kind: "answer", body: '{"runtime":"engine","status":"ok"}' };
const BUSY: Behaviour = { kind: "answer", body: "not yet", status: 503 };

function poll(server: ReleasesServer, given: Parameters<typeof healthSpec>[1] = {}) {
  const spec = healthSpec(engineCheck(`${server.endpoint}/health`), given);
  return pollHealth(spec, { signal: NEVER, launch: LAUNCH });
}

Deno.test("pollHealth() returns healthy at once when the first check passes", async () => {
  await using server = new ReleasesServer();
  server.route("/health", WELL);
  const outcome = await poll(server);
  assertObjectMatch(outcome, { kind: "healthy", attempts: 1 });
  assertLess(outcome.afterMs, 1_000);
});

Deno.test("pollHealth() returns healthy and the body when 503 becomes 200", async () => {
  await using server = new ReleasesServer();
  server.route("/health", { kind: "in_turn", turns: [BUSY, { kind: "closed" }, BUSY, WELL] });
  const outcome = await poll(server);
  assertObjectMatch(outcome, { kind: "healthy", attempts: 4 });
  assertEquals(outcome.kind === "healthy" && outcome.body.runtime, "engine");
});

Deno.test("pollHealth() checks once more when it was suspended over its deadline", async () => {
  for (const [second, expected] of [[WELL, "healthy"], [BUSY, "late"]] as const) {
    await using server = new ReleasesServer();
    server.route("/health", { kind: "in_turn", turns: [BUSY, second] });
    const outcome = poll(server, { within_ms: 400 });
    // In the first pause, this thread does nothing for longer than the service has.
    const block = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
    const waiting = setInterval(() => {
      if (server.requests() === 0) return;
      clearInterval(waiting);
      block();
    }, 10);
    assertObjectMatch(await outcome, { kind: expected, attempts: 2 });
  }
});

Deno.test("pollHealth() doubles the pause from 100 ms to 1 s and returns at its deadline", async () => {
  const at: number[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    at.push(performance.now());
    return new Response("not yet", { status: 503 });
  });
  const startedAt = performance.now();
  try {
    const spec = healthSpec(engineCheck(`http://127.0.0.1:${server.addr.port}/health`), {
      within_ms: 4_000,
    });
    const outcome = await pollHealth(spec, { signal: NEVER, launch: LAUNCH });
    const ms = performance.now() - startedAt;
    assertEquals(outcome.kind, "late");
    assertGreaterOrEqual(ms, 3_995);
    assertLess(ms, 4_500);
    assertEquals(outcome.attempts, at.length);
  } finally {
    await server.shutdown();
  }
  const pauses = at.slice(1).map((time, index) => time - at[index]!);
  // 0, 0.1, 0.3, 0.7, 1.5, 2.5, 3.5 s, and the last one just before the deadline.
  const expected = [100, 200, 400, 800, 1_000, 1_000];
  for (const [index, pause] of expected.entries()) {
    assertGreater(pauses[index]!, pause - 10, `pause ${index}`);
    assertLess(pauses[index]!, pause + 250, `pause ${index}`);
  }
  assertEquals(at.length, 8);
  assertGreater(at[7]! - startedAt, 3_850);
  assertLess(at[7]! - startedAt, 4_000);
});

Deno.test("pollHealth() adds no check after the last one when timers fire early", async () => {
  const setTimer = globalThis.setTimeout;
  const early = (run: () => void, ms = 0) => setTimer(run, Math.max(0, ms - 3));
  globalThis.setTimeout = early as typeof globalThis.setTimeout;
  try {
    await using server = new ReleasesServer();
    server.route("/health", BUSY);
    const outcome = await poll(server, { within_ms: 400 });
    // 0, 0.1, 0.3 s.
    assertEquals([outcome.kind, outcome.attempts, server.requests()], ["late", 3, 3]);
  } finally {
    globalThis.setTimeout = setTimer;
  }
});

Deno.test("pollHealth() returns late at its deadline when a check never gets an answer", async () => {
  await using server = new ReleasesServer();
  server.route("/health", { kind: "silent" });
  const startedAt = performance.now();
  const outcome = await poll(server, { within_ms: 500, timeout_ms: 60_000 });
  const ms = performance.now() - startedAt;
  assert(outcome.kind === "late");
  assertEquals(outcome.attempts, 1);
  // Not "within 499ms": that is not a configured value.
  assertEquals(outcome.last.reason, `no answer from ${server.endpoint}/health`);
  assertGreaterOrEqual(ms, 495);
  assertLess(ms, 1_500);
});

Deno.test("pollHealth() reports the last response, not the check cut at the deadline", async () => {
  await using server = new ReleasesServer();
  server.route("/health", { kind: "in_turn", turns: [BUSY, BUSY, { kind: "silent" }] });
  const outcome = await poll(server, { within_ms: 600 });
  assert(outcome.kind === "late");
  assertEquals(outcome.attempts, 3);
  assertEquals(outcome.last.reason, `${server.endpoint}/health returned 503, expected 2xx`);
});

Deno.test("pollHealth() returns foreign at once when another program answers", async () => {
  await using server = new ReleasesServer();
  const other: Behaviour = { kind: "answer", body: '{"runtime":"other"}' };
  server.route("/health", { kind: "in_turn", turns: [BUSY, other] });
  const outcome = await poll(server);
  assert(outcome.kind === "foreign");
  assertEquals({ attempts: outcome.attempts, runtime: outcome.last.runtime }, {
    attempts: 2,
    runtime: "other",
  });
  assertLess(outcome.afterMs, 5_000);
});

Deno.test("pollHealth() rejects when aborted, during a check and during a pause", async () => {
  await using server = new ReleasesServer();
  for (const behaviour of [{ kind: "silent" }, BUSY] as const) {
    const aborted = new AbortController();
    server.route("/health", behaviour);
    const spec = healthSpec(engineCheck(`${server.endpoint}/health`), { within_ms: 60_000 });
    const before = server.requests();
    const rejected = assertRejects(
      () => pollHealth(spec, { signal: aborted.signal, launch: LAUNCH }),
      Error,
      "enough",
    );
    while (server.requests() === before) await new Promise((resolve) => setTimeout(resolve, 5));
    aborted.abort(new Error("enough"));
    await rejected;
  }
});

unixTest("pollHealth() decides nothing by checks that the machine could not run", async () => {
  await using server = new ReleasesServer();
  server.route("/health", WELL);
  const connect = Deno.connect;
  const until = performance.now() + 300;
  const check = {
    kind: "tcp",
    host: "127.0.0.1",
    port: Number(new URL(server.endpoint).port),
  } as const;
  Deno.connect = ((options: Deno.ConnectOptions) => {
    if (performance.now() > until) return connect(options);
    throw Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
  }) as typeof Deno.connect;
  try {
    const spec = healthSpec(check, { within_ms: 100 });
    const outcome = await pollHealth(spec, { signal: NEVER, launch: LAUNCH });
    assertEquals(outcome.kind, "healthy");
  } finally {
    Deno.connect = connect;
  }
});
