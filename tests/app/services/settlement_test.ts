import { assertEquals } from "@std/assert";
import { settlementOf } from "../../../src/app/services/settlement.ts";

Deno.test("settlementOf() is pending while a service may still become ready", () => {
  const table = [
    ["starting", "running", "starting", "pending"],
    ["running", "running", "healthy", "up"],
    ["running", "running", "unknown", "up"],
    ["backoff", "running", "unknown", "pending"],
    ["stopping", "running", "unknown", "pending"],
    ["stopped", "running", "unknown", "pending"],
    ["stopped", "stopped", "unknown", "failed"],
    ["crashed", "running", "unknown", "failed"],
    ["unmanaged", "running", "starting", "pending"],
    ["unmanaged", "running", "healthy", "up"],
    ["unmanaged", "running", "unknown", "up"],
    ["unmanaged", "running", "unhealthy", "failed"],
  ] as const;
  for (const [state, desired, health, expected] of table) {
    const settlement = settlementOf({ state, desired, health }, { awaitsCompletion: false });
    assertEquals(settlement, expected, `${state} ${desired} ${health}`);
  }
});

Deno.test("settlementOf() is pending while the health check has not decided", () => {
  for (const state of ["running", "unmanaged"] as const) {
    const status = { state, desired: "running", health: "unknown" } as const;
    const options = { awaitsCompletion: false };
    assertEquals(settlementOf({ ...status, has_health_check: true }, options), "pending");
    assertEquals(settlementOf({ ...status, has_health_check: false }, options), "up");
  }
});

Deno.test("settlementOf() is failed while a process could not be ended", () => {
  const status = { state: "stopping", desired: "running", health: "unknown" } as const;
  const survivors = [{ pid: 7, command: "sleep", why: "not_permitted" }] as const;
  assertEquals(settlementOf({ ...status, survivors }, { awaitsCompletion: false }), "failed");
});

Deno.test("settlementOf() is up for a job only when it has completed", () => {
  const job = { awaitsCompletion: true };
  const running = { state: "running", desired: "running", health: "unknown" } as const;
  const stopped = { state: "stopped", desired: "stopped", health: "unknown" } as const;
  assertEquals(settlementOf(running, job), "pending");
  assertEquals(settlementOf({ ...stopped, done: true }, job), "up");
  assertEquals(settlementOf({ ...stopped, done: false }, job), "failed");
});
