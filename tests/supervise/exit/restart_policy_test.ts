import { assert, assertEquals, assertGreaterOrEqual, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import type { RestartSpec } from "../../../src/model/service_spec.ts";
import {
  type ExitFacts,
  nextRestart,
  NO_RESTARTS,
  recallHistory,
  recordHistory,
  type RestartDecision,
  type RestartHistory,
} from "../../../src/supervise/exit/restart_policy.ts";
import { serviceSpec } from "../../fixtures/service_spec.ts";

const POLICY: RestartSpec = serviceSpec("x").restart;
const CRASH: ExitFacts = { exit: { exit_code: 1, signal: null }, ranMs: 10, unhealthy: false };
const DONE: ExitFacts = { ...CRASH, exit: { exit_code: 0, signal: null } };
const KILLED: ExitFacts = { ...CRASH, exit: { exit_code: null, signal: "SIGKILL" } };
const UNSEEN: ExitFacts = { ...CRASH, exit: { exit_code: null, signal: null } };
const SICK: ExitFacts = { ...DONE, unhealthy: true };

function decide(
  ended: ExitFacts,
  policy: Partial<RestartSpec> = {},
  history: RestartHistory = NO_RESTARTS,
  at: { now?: number; random?: number } = {},
): RestartDecision {
  return nextRestart(history, ended, { ...POLICY, ...policy }, { now: 0, random: 0, ...at });
}

/** The pauses before restarts when a service ends again and again, and how it ends in the end. */
function burst(policy: Partial<RestartSpec>, options: { ranMs?: number; random?: number } = {}) {
  const pauses: number[] = [];
  let now = 0;
  let history = NO_RESTARTS;
  for (let round = 0; round < 1_000; round++) {
    const ended = { ...CRASH, ranMs: options.ranMs ?? 10 };
    now += ended.ranMs;
    const decision = decide(ended, policy, history, { now, random: options.random ?? 0 });
    if (decision.kind !== "restart") return { pauses, last: decision.kind };
    pauses.push(decision.delayMs);
    history = decision.history;
    now += decision.delayMs;
  }
  return { pauses, last: "goes on" };
}

for (
  const [policy, expected] of [
    ["always", ["restart", "restart", "restart", "restart", "restart"]],
    ["on-failure", ["restart", "done", "restart", "restart", "restart"]],
    ["never", ["failed", "done", "failed", "failed", "failed"]],
  ] as const
) {
  Deno.test(`nextRestart() follows the policy when it is ${policy}`, () => {
    const kinds = [CRASH, DONE, KILLED, UNSEEN, SICK].map((ended) =>
      decide(ended, { policy }).kind
    );
    assertEquals(kinds, [...expected]);
  });
}

Deno.test("nextRestart() doubles the pause up to its limit", () => {
  const { pauses } = burst({ max: 100, delay_ms: 100, max_delay_ms: 1_000, window_ms: 1e9 });
  assertEquals(pauses.slice(0, 6), [100, 200, 400, 800, 1_000, 1_000]);
  assertEquals(pauses.length, 100);
});

Deno.test("nextRestart() gives up after so many restarts within the window", () => {
  assertEquals(burst({ max: 3 }), { pauses: [100, 200, 400], last: "exhausted" });
  assertEquals(burst({ max: 0 }), { pauses: [], last: "exhausted" });
  // The window is shorter than the pauses grow to be: it never fills up.
  assertEquals(burst({ max: 3, window_ms: 500 }).last, "goes on");
});

Deno.test("nextRestart() starts a stable service again at once, and counts anew", () => {
  assertEquals(burst({ max: 1, reset_after_ms: 50 }, { ranMs: 50 }).pauses.slice(0, 3), [0, 0, 0]);
  const tired: RestartHistory = { restartsAt: [1, 2, 3, 4, 5], streak: 5, total: 9 };
  const decision = decide({ ...CRASH, ranMs: POLICY.reset_after_ms }, {}, tired, { now: 100 });
  assertEquals(decision, {
    kind: "restart",
    delayMs: 0,
    history: { restartsAt: [100], streak: 0, total: 10 },
  });
  assertEquals(
    decide({ ...CRASH, ranMs: POLICY.reset_after_ms - 1 }, {}, tired, { now: 100 }).kind,
    "exhausted",
  );
});

const anyPolicy: fc.Arbitrary<RestartSpec> = fc.record({
  policy: fc.constantFrom("always", "on-failure", "never"),
  max: fc.nat(20),
  window_ms: fc.integer({ min: 1, max: 600_000 }),
  delay_ms: fc.nat(10_000),
  max_delay_ms: fc.nat(100_000),
  reset_after_ms: fc.nat(600_000),
  pause_ms: fc.nat(10_000),
});

const anyEnd: fc.Arbitrary<ExitFacts> = fc.record({
  exit: fc.oneof(
    fc.record({ exit_code: fc.nat(255), signal: fc.constant(null) }),
    fc.record({ exit_code: fc.constant(null), signal: fc.constantFrom("SIGKILL", "SIGSEGV") }),
    fc.constant({ exit_code: null, signal: null }),
  ),
  ranMs: fc.nat(1_000_000),
  unhealthy: fc.boolean(),
});

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Lives one after the other, and what was decided after each. */
function* lives(policy: RestartSpec, ends: readonly ExitFacts[], random: number) {
  let history = NO_RESTARTS;
  let now = 0;
  for (const ended of ends) {
    now += ended.ranMs;
    const before = history;
    const decision = nextRestart(before, ended, policy, { now, random });
    yield { before, ended, decision, now };
    if (decision.kind !== "restart") return;
    history = decision.history;
    now += decision.delayMs;
  }
}

Deno.test("nextRestart() never restarts more often than allowed within the window", () => {
  fc.assert(fc.property(anyPolicy, fc.array(anyEnd), chance, (policy, ends, random) => {
    for (const { ended, decision, now } of lives(policy, ends, random)) {
      if (decision.kind !== "restart" || ended.ranMs >= policy.reset_after_ms) continue;
      const { restartsAt } = decision.history;
      const within = restartsAt.filter((at) => now - at < policy.window_ms);
      assertLessOrEqual(within.length, Math.max(policy.max, 1));
      if (policy.max === 0) assertEquals(within.length, 0);
    }
  }));
});

Deno.test("nextRestart() keeps the pause between its bounds, and chance adds a tenth at most", () => {
  fc.assert(fc.property(anyPolicy, fc.array(anyEnd), chance, (policy, ends, random) => {
    for (const { before, ended, decision } of lives(policy, ends, random)) {
      if (decision.kind !== "restart") continue;
      if (ended.ranMs >= policy.reset_after_ms) {
        assertEquals(decision.delayMs, 0);
        continue;
      }
      const pause = Math.min(policy.max_delay_ms, policy.delay_ms * 2 ** before.streak);
      assertGreaterOrEqual(decision.delayMs, Math.floor(pause));
      assertLessOrEqual(decision.delayMs, Math.ceil(pause * 1.1));
    }
  }));
});

Deno.test("nextRestart() counts every restart since a person started it", () => {
  fc.assert(fc.property(anyPolicy, fc.array(anyEnd), chance, (policy, ends, random) => {
    let restarts = 0;
    for (const { decision } of lives(policy, ends, random)) {
      if (decision.kind === "restart") assertEquals(decision.history.total, ++restarts);
    }
  }));
});

Deno.test("nextRestart() leaves it at a good end unless the policy is always", () => {
  fc.assert(fc.property(anyPolicy, fc.nat(100_000), (policy, ranMs) => {
    fc.pre(policy.policy !== "always");
    assertEquals(decide({ ...DONE, ranMs }, policy).kind, "done");
  }));
});

Deno.test("nextRestart() spreads services that died together", () => {
  const pauses = new Set([0, 0.25, 0.5, 0.75].map((random) => {
    const decision = decide(CRASH, { delay_ms: 1_000 }, NO_RESTARTS, { random });
    return decision.kind === "restart" && decision.delayMs;
  }));
  assertEquals([...pauses], [1_000, 1_025, 1_050, 1_075]);
});

const HOUR = 3_600_000;

Deno.test("recallHistory() recalls what recordHistory() kept", () => {
  const history: RestartHistory = { restartsAt: [400, 900], streak: 2, total: 7 };
  const recorded = recordHistory(history, { now: 1_000, wallNow: 50 * HOUR });
  assertEquals(recorded.failures_at, [
    new Date(50 * HOUR - 600).toISOString(),
    new Date(50 * HOUR - 100).toISOString(),
  ]);
  // The monotonic clock of the next supervisor begins anew.
  const recalled = recallHistory(recorded, { now: 20, wallNow: 50 * HOUR + 500 });
  assertEquals(recalled, { restartsAt: [-1_080, -580], streak: 2, total: 7 });
});

Deno.test("recallHistory() takes failures from the future for failures of now", () => {
  const recorded = { restarts: 3, failures_at: [new Date(50 * HOUR).toISOString()] };
  const recalled = recallHistory(recorded, { now: 100, wallNow: 49 * HOUR });
  assertEquals(recalled.restartsAt, [100]);
});

Deno.test("recallHistory() is no way round the limit when the clock jumped back an hour", () => {
  const { failures_at } = recordHistory(
    { restartsAt: [1, 2, 3, 4, 5], streak: 5, total: 5 },
    { now: 6, wallNow: 50 * HOUR },
  );
  const recalled = recallHistory({ restarts: 5, failures_at }, { now: 10, wallNow: 49 * HOUR });
  assertEquals(decide(CRASH, {}, recalled, { now: 11 }).kind, "exhausted");
});

Deno.test("recallHistory() forgives when the clock jumped forward an hour, and loses no count", () => {
  const { failures_at } = recordHistory(
    { restartsAt: [1, 2, 3, 4, 5], streak: 5, total: 5 },
    { now: 6, wallNow: 50 * HOUR },
  );
  const recalled = recallHistory({ restarts: 5, failures_at }, { now: 10, wallNow: 51 * HOUR });
  const decision = decide(CRASH, {}, recalled, { now: 11 });
  assert(decision.kind === "restart");
  assertEquals(decision.history.total, 6);
});

Deno.test("recallHistory() passes over what is no time", () => {
  const recalled = recallHistory({ restarts: 1, failures_at: ["yesterday", ""] }, {
    now: 0,
    wallNow: 0,
  });
  assertEquals(recalled, { restartsAt: [], streak: 0, total: 1 });
});
