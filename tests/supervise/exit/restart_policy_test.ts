import { assert, assertEquals, assertGreaterOrEqual, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { FOREVER_MS, type RestartSpec } from "../../../src/model/service_spec.ts";
import {
  countRestart,
  type ExitFacts,
  nextRestart,
  NO_RESTARTS,
  recallHistory,
  recordHistory,
  remainingDelayMs,
  type RestartDecision,
  type RestartHistory,
} from "../../../src/supervise/exit/restart_policy.ts";
import { loadService } from "../../config/load_text.ts";
import { serviceSpec } from "../../fixtures/service_spec.ts";

const POLICY: RestartSpec = serviceSpec("x").restart;
const CRASH: ExitFacts = { exit: { exit_code: 1, signal: null }, readyMs: 10, unhealthy: false };
const DONE: ExitFacts = { ...CRASH, exit: { exit_code: 0, signal: null } };
const KILLED: ExitFacts = { ...CRASH, exit: { exit_code: null, signal: "SIGKILL" } };
const UNKNOWN: ExitFacts = { ...CRASH, exit: { exit_code: null, signal: null } };
const UNHEALTHY: ExitFacts = { ...DONE, unhealthy: true };

function decide(
  ended: ExitFacts,
  policy: Partial<RestartSpec> = {},
  history: RestartHistory = NO_RESTARTS,
  at: { now?: number; random?: number } = {},
): RestartDecision {
  return nextRestart(history, ended, { ...POLICY, ...policy }, { now: 0, random: 0, ...at });
}

/** The delays before restarts when a service crashes repeatedly, and the last decision. */
function burst(
  policy: Partial<RestartSpec>,
  options: { ranMs?: number; wasReady?: boolean; random?: number } = {},
) {
  const { ranMs = 10, wasReady = true } = options;
  const delays: number[] = [];
  let now = 0;
  let history = NO_RESTARTS;
  for (let round = 0; round < 1_000; round++) {
    const ended = { ...CRASH, readyMs: wasReady ? ranMs : null };
    now += ranMs;
    const decision = decide(ended, policy, history, { now, random: options.random ?? 0 });
    if (decision.kind !== "restart") return { delays, last: decision.kind };
    delays.push(decision.delayMs);
    history = decision.history;
    now += decision.delayMs;
  }
  return { delays, last: "restart" };
}

for (
  const [policy, expected] of [
    ["always", ["restart", "restart", "restart", "restart", "restart"]],
    ["on-failure", ["restart", "done", "restart", "restart", "restart"]],
    ["never", ["failed", "done", "failed", "failed", "failed"]],
  ] as const
) {
  Deno.test(`nextRestart() follows the policy ${policy}`, () => {
    const kinds = [CRASH, DONE, KILLED, UNKNOWN, UNHEALTHY].map((ended) =>
      decide(ended, { policy }).kind
    );
    assertEquals(kinds, [...expected]);
  });
}

Deno.test("nextRestart() doubles the delay up to its maximum", () => {
  const { delays } = burst({ max: 100, delay_ms: 100, max_delay_ms: 1_000, window_ms: 1e9 });
  assertEquals(delays.slice(0, 6), [100, 200, 400, 800, 1_000, 1_000]);
  assertEquals(delays.length, 100);
});

Deno.test("nextRestart() gives up after max restarts within the window", () => {
  assertEquals(burst({ max: 3 }), { delays: [100, 200, 400], last: "exhausted" });
  assertEquals(burst({ max: 0 }), { delays: [], last: "exhausted" });
  // The delays grow longer than the window, so it never fills up.
  assertEquals(burst({ max: 3, window_ms: 500 }).last, "restart");
});

Deno.test("nextRestart() restarts a stable service at once and resets the window", () => {
  assertEquals(burst({ max: 1, reset_after_ms: 50 }, { ranMs: 50 }).delays.slice(0, 3), [0, 0, 0]);
  const exhausted: RestartHistory = { restartsAt: [1, 2, 3, 4, 5], streak: 5, total: 9 };
  const stable = { ...CRASH, readyMs: POLICY.reset_after_ms };
  const decision = decide(stable, {}, exhausted, { now: 100 });
  assertEquals(decision, {
    kind: "restart",
    delayMs: 0,
    history: { restartsAt: [100], streak: 0, total: 9 },
  });
  assertEquals(
    decide({ ...stable, readyMs: stable.readyMs - 1 }, {}, exhausted, { now: 100 }).kind,
    "exhausted",
  );
});

Deno.test("nextRestart() does not treat a launch as stable that ran long but was never ready", () => {
  const policy = { max: 2, delay_ms: 100, reset_after_ms: 2_000 };
  const { delays, last } = burst(policy, { ranMs: 2_200, wasReady: false });
  assertEquals({ delays, last }, { delays: [100, 200], last: "exhausted" });
});

Deno.test("nextRestart() counts the restarts of a window without an end", () => {
  const policy = { max: 3, delay_ms: 3_600_000, max_delay_ms: 3_600_000, reset_after_ms: 1e12 };
  assertEquals(burst({ ...policy, window_ms: 60_000 }).last, "restart");
  assertEquals(burst({ ...policy, window_ms: FOREVER_MS }), {
    delays: [3_600_000, 3_600_000, 3_600_000],
    last: "exhausted",
  });
});

Deno.test("nextRestart() treats the codes of restart.success as a success", () => {
  const terminated = { ...CRASH, exit: { exit_code: 143, signal: null } };
  assertEquals(decide(terminated).kind, "restart");
  assertEquals(decide(terminated, { success: [0, 143] }).kind, "done");
  assertEquals(decide(DONE, { success: [3] }).kind, "restart");
  assertEquals(decide(terminated, { policy: "never", success: [0, 143] }).kind, "done");
  assertEquals(decide({ ...terminated, unhealthy: true }, { success: [143] }).kind, "restart");
});

Deno.test("nextRestart() survives an outage of two minutes with the defaults", async () => {
  const { restart } = await loadService('[services.api]\ncommand = "x"\n');
  for (const random of [0, 0.999]) {
    // A program that exits at once while, for example, its database is away.
    const { delays, last } = burst(restart, { ranMs: 10, wasReady: false, random });
    assertEquals({ count: delays.length, last }, { count: 10, last: "exhausted" });
    assertGreaterOrEqual(delays.reduce((sum, delay) => sum + delay, 0), 120_000);
  }
});

const anyPolicy: fc.Arbitrary<RestartSpec> = fc.record({
  policy: fc.constantFrom("always", "on-failure", "never"),
  max: fc.nat(20),
  window_ms: fc.integer({ min: 1, max: 600_000 }),
  delay_ms: fc.nat(10_000),
  max_delay_ms: fc.nat(100_000),
  reset_after_ms: fc.nat(600_000),
  pause_ms: fc.nat(10_000),
  success: fc.constant([0]),
});

const anyExit: fc.Arbitrary<ExitFacts> = fc.record({
  exit: fc.oneof(
    fc.record({ exit_code: fc.nat(255), signal: fc.constant(null) }),
    fc.record({ exit_code: fc.constant(null), signal: fc.constantFrom("SIGKILL", "SIGSEGV") }),
    fc.constant({ exit_code: null, signal: null }),
  ),
  readyMs: fc.option(fc.nat(1_000_000)),
  unhealthy: fc.boolean(),
});

const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

function isStable({ readyMs }: ExitFacts, { reset_after_ms }: RestartSpec): boolean {
  return readyMs !== null && readyMs >= reset_after_ms;
}

/** Runs launches in sequence and yields the decision after each exit. */
function* launches(policy: RestartSpec, exits: readonly ExitFacts[], random: number) {
  let history = NO_RESTARTS;
  let now = 0;
  for (const ended of exits) {
    now += ended.readyMs ?? 1_000;
    const before = history;
    const decision = nextRestart(before, ended, policy, { now, random });
    yield { before, ended, decision, now };
    if (decision.kind !== "restart") return;
    history = decision.history;
    now += decision.delayMs;
  }
}

Deno.test("nextRestart() never exceeds max restarts within the window", () => {
  fc.assert(fc.property(anyPolicy, fc.array(anyExit), anyRandom, (policy, exits, random) => {
    for (const { ended, decision, now } of launches(policy, exits, random)) {
      if (decision.kind !== "restart" || isStable(ended, policy)) continue;
      const { restartsAt } = decision.history;
      const within = restartsAt.filter((at) => now - at < policy.window_ms);
      assertLessOrEqual(within.length, Math.max(policy.max, 1));
      if (policy.max === 0) assertEquals(within.length, 0);
    }
  }));
});

Deno.test("nextRestart() keeps the delay within its bounds, with at most 10 % jitter", () => {
  fc.assert(fc.property(anyPolicy, fc.array(anyExit), anyRandom, (policy, exits, random) => {
    for (const { before, ended, decision } of launches(policy, exits, random)) {
      if (decision.kind !== "restart") continue;
      if (isStable(ended, policy)) {
        assertEquals(decision.delayMs, 0);
        continue;
      }
      const pause = Math.min(policy.max_delay_ms, policy.delay_ms * 2 ** before.streak);
      assertGreaterOrEqual(decision.delayMs, Math.floor(pause));
      assertLessOrEqual(decision.delayMs, Math.ceil(pause * 1.1));
    }
  }));
});

Deno.test("countRestart() counts a restart, which nextRestart() does not", () => {
  const decision = decide(CRASH, {}, { restartsAt: [], streak: 0, total: 3 });
  assert(decision.kind === "restart");
  assertEquals(decision.history, { restartsAt: [0], streak: 1, total: 3 });
  assertEquals(countRestart(decision.history), { restartsAt: [0], streak: 1, total: 4 });
});

Deno.test("remainingDelayMs() is never more than the whole delay, whatever the clock says", () => {
  const at = (ms: number) => new Date(ms).toISOString();
  const snapshot = { failures_at: [at(HOUR), at(2 * HOUR)], next_restart_at: at(2 * HOUR + 500) };
  const left = (wallNow: number) => remainingDelayMs(snapshot, wallNow);
  assertEquals([2 * HOUR, 2 * HOUR + 200].map(left), [500, 300]);
  assertEquals([HOUR, 3 * HOUR].map(left), [500, 0]);
  assertEquals(remainingDelayMs({ ...snapshot, next_restart_at: null }, HOUR), 0);
  assertEquals(remainingDelayMs({ ...snapshot, failures_at: [] }, HOUR), 0);
});

Deno.test("nextRestart() does not restart after success unless the policy is always", () => {
  fc.assert(fc.property(anyPolicy, fc.nat(100_000), (policy, readyMs) => {
    fc.pre(policy.policy !== "always");
    assertEquals(decide({ ...DONE, readyMs }, policy).kind, "done");
  }));
});

Deno.test("nextRestart() spreads services that failed together", () => {
  const delays = new Set([0, 0.25, 0.5, 0.75].map((random) => {
    const decision = decide(CRASH, { delay_ms: 1_000 }, NO_RESTARTS, { random });
    return decision.kind === "restart" && decision.delayMs;
  }));
  assertEquals([...delays], [1_000, 1_025, 1_050, 1_075]);
});

const HOUR = 3_600_000;

Deno.test("recallHistory() restores what recordHistory() recorded", () => {
  const history: RestartHistory = { restartsAt: [400, 900], streak: 2, total: 7 };
  const recorded = recordHistory(history, { now: 1_000, wallNow: 50 * HOUR });
  assertEquals(recorded.failures_at, [
    new Date(50 * HOUR - 600).toISOString(),
    new Date(50 * HOUR - 100).toISOString(),
  ]);
  // The monotonic clock of the next supervisor has another origin.
  const recalled = recallHistory(recorded, { now: 20, wallNow: 50 * HOUR + 500 });
  assertEquals(recalled, { restartsAt: [-1_080, -580], streak: 2, total: 7 });
});

Deno.test("recallHistory() treats times in the future as now", () => {
  const recorded = { restarts: 3, failures_at: [new Date(50 * HOUR).toISOString()] };
  const recalled = recallHistory(recorded, { now: 100, wallNow: 49 * HOUR });
  assertEquals(recalled.restartsAt, [100]);
});

Deno.test("recallHistory() keeps the limit when the clock was set back an hour", () => {
  const { failures_at } = recordHistory(
    { restartsAt: [1, 2, 3, 4, 5], streak: 5, total: 5 },
    { now: 6, wallNow: 50 * HOUR },
  );
  const recalled = recallHistory({ restarts: 5, failures_at }, { now: 10, wallNow: 49 * HOUR });
  assertEquals(decide(CRASH, {}, recalled, { now: 11 }).kind, "exhausted");
});

Deno.test("recallHistory() empties the window but keeps the total when the clock was set forward an hour", () => {
  const { failures_at } = recordHistory(
    { restartsAt: [1, 2, 3, 4, 5], streak: 5, total: 5 },
    { now: 6, wallNow: 50 * HOUR },
  );
  const recalled = recallHistory({ restarts: 5, failures_at }, { now: 10, wallNow: 51 * HOUR });
  const decision = decide(CRASH, {}, recalled, { now: 11 });
  assert(decision.kind === "restart");
  assertEquals(decision.history.total, 5);
});

Deno.test("recallHistory() ignores invalid times", () => {
  const recalled = recallHistory({ restarts: 1, failures_at: ["yesterday", ""] }, {
    now: 0,
    wallNow: 0,
  });
  assertEquals(recalled, { restartsAt: [], streak: 0, total: 1 });
});
