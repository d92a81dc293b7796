import { assertEquals } from "@std/assert";
import { judgeStatus, type Seen } from "../../../scripts/programs/judge_status.ts";
import type { ServiceStatus } from "../../../src/model/service_state.ts";
import { seenProcess } from "./seen_process.ts";

const RUNNING: ServiceStatus = {
  supervised: true,
  done: false,
  waiting_for: null,
  wanted_version: null,
  survivors: [],
  has_health_check: true,
  health_detail: null,
  ...{ name: "web", state: "running", desired: "running", health: "healthy", pid: 7 },
  ...{ uptime_seconds: 1, restarts: 0, exit_code: null, signal: null, endpoint: null },
  ...{ version: null, binary: null, config_changed: false, next_restart_at: null, reason: null },
};

const STOPPED: ServiceStatus = { ...RUNNING, state: "stopped", health: "unknown", pid: null };

const leader = seenProcess(7, { listening: true });

function seen(fields: Partial<Seen> = {}): Seen {
  const before = fields.before ?? [leader];
  return { before, after: before, during: before, answers: null, restarts: null, ...fields };
}

function saw(status: ServiceStatus, fields: Partial<Seen> = {}): string[] {
  return judgeStatus(status, seen(fields)).map((untrue) => untrue.saw);
}

Deno.test("judgeStatus() finds nothing when hale says what was seen", () => {
  assertEquals(saw(RUNNING, { answers: true, restarts: 0 }), []);
  assertEquals(saw(STOPPED, { before: [] }), []);
});

Deno.test("judgeStatus() finds a pid that is not there", () => {
  assertEquals(saw(RUNNING, { before: [] }), ["no process 7 of this service"]);
});

Deno.test("judgeStatus() lets a short launch be that is still starting", () => {
  assertEquals(saw({ ...RUNNING, state: "starting", health: "starting" }, { before: [] }), []);
});

Deno.test("judgeStatus() finds a pid that is not the launched process", () => {
  const child = seenProcess(7, { launch: "6@1" });
  assertEquals(saw(RUNNING, { before: [child] }), [
    "7 program-7 is not the process that was launched",
  ]);
});

Deno.test("judgeStatus() finds `healthy` of a program that does not answer", () => {
  assertEquals(saw(RUNNING, { answers: false }), ["it does not answer"]);
});

Deno.test("judgeStatus() finds `healthy` when an orphan of an earlier launch listens", () => {
  const orphan = seenProcess(5, { launch: "4@1", listening: true });
  const successor = seenProcess(7);
  assertEquals(saw(RUNNING, { before: [orphan, successor] }), [
    "what listens is of an earlier launch: 5 program-5",
  ]);
  const both = [orphan, seenProcess(7, { listening: true })];
  assertEquals(saw(RUNNING, { before: both }), []);
});

Deno.test("judgeStatus() finds `stopped` when something is left", () => {
  assertEquals(saw(STOPPED), ["still there: 7 program-7"]);
});

Deno.test("judgeStatus() does not hold an end during the command against hale", () => {
  assertEquals(saw(STOPPED, { before: [leader], after: [] }), []);
});

Deno.test("judgeStatus() finds `crashed` of a launch that runs", () => {
  assertEquals(saw({ ...STOPPED, state: "crashed" }), ["7 program-7, which was launched, runs"]);
});

Deno.test("judgeStatus() compares the number of restarts", () => {
  assertEquals(saw(RUNNING, { restarts: 2 }), ["2 automatic restarts were seen"]);
});
