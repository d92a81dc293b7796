import { assertEquals } from "@std/assert";
import { overdueCheck } from "../../../src/supervise/service/last_pass.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";

const TCP = { kind: "tcp", host: "127.0.0.1", port: 1 } as const;
const TIMES = { interval_ms: 5_000, timeout_ms: 1_000 };
const PASSED = { now: 1_000, wallNow: 50_000 };

/** A moment after the pass by each of the two clocks. */
function after(nowMs: number, wallMs: number) {
  return { now: PASSED.now + nowMs, wallNow: PASSED.wallNow + wallMs };
}

Deno.test("overdueCheck() allows an interval, a timeout and a second", () => {
  const health = healthSpec(TCP, TIMES);
  assertEquals(overdueCheck(health, PASSED, after(7_000, 7_000)), null);
  assertEquals(
    overdueCheck(health, PASSED, after(7_001, 0)),
    "the last check that passed was 7s ago, and the next one is overdue",
  );
});

Deno.test("overdueCheck() notices a suspended machine by the wall clock", () => {
  const health = healthSpec(TCP, TIMES);
  assertEquals(
    overdueCheck(health, PASSED, after(20, 3_600_000)),
    "the last check that passed was 1h ago, and the next one is overdue",
  );
});

Deno.test("overdueCheck() is never late for a log check, nor when the clock was set back", () => {
  const log = healthSpec({ kind: "log", pattern: "ready" }, TIMES);
  assertEquals(overdueCheck(log, PASSED, after(3_600_000, 3_600_000)), null);
  assertEquals(overdueCheck(healthSpec(TCP, TIMES), PASSED, after(20, -3_600_000)), null);
});
