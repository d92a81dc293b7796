import { assertEquals } from "@std/assert";
import {
  judgeEvents,
  judgeHistory,
  type SeenTrial,
} from "../../../scripts/programs/judge_records.ts";
import type { EventRecord, TranscriptRecord } from "../../../src/model/records.ts";
import type { Exit } from "../../../src/model/service_state.ts";
import { seenProcess } from "./seen_process.ts";

const leader = seenProcess(7, { lastSeenAt: 9_000, goneAt: 9_040 });

function trial(fields: Partial<SeenTrial> = {}): SeenTrial {
  return { processes: [leader], killed: [], living: new Set(), blindMs: 50, ...fields };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function event(at: number, fields: object): EventRecord {
  return {
    ...{ id: 1, at: iso(at), type: "state_changed", service: "web", from: "starting" },
    ...{ to: "running", desired: "running", health: "healthy", launch: "a", pid: 7 },
    ...{ exit: null, restarts: 0, next_restart_at: null, reason: null },
    ...fields,
  } as EventRecord;
}

function sawInEvents(event: EventRecord, fields: Partial<SeenTrial> = {}): string[] {
  return judgeEvents([event], trial(fields)).map(({ saw }) => saw);
}

function history(exit: Exit, ran_ms: number): TranscriptRecord[] {
  const head = { id: 1, at: iso(0), launch: "a" };
  return [
    { ...head, type: "launched", pid: 7, binary: "/bin/web", args: [], automatic: false },
    { ...head, type: "exited", exit, ran_ms, stderr: [] },
  ];
}

function sawInHistory(
  records: readonly TranscriptRecord[],
  fields: Partial<SeenTrial> = {},
): string[] {
  return judgeHistory(records, trial(fields)).map(({ saw }) => saw);
}

const KILLED: Exit = { exit_code: null, signal: "SIGKILL" };
const CODE_0: Exit = { exit_code: 0, signal: null };

Deno.test("judgeEvents() accepts `running` after a check, and a second after the launch", () => {
  assertEquals(sawInEvents(event(1_050, {})), []);
  assertEquals(sawInEvents(event(2_050, { health: "unknown" })), []);
});

Deno.test("judgeEvents() finds `running` too early, when no check had passed", () => {
  assertEquals(sawInEvents(event(1_020, { health: "unknown" })), [
    "20 ms after its launch, and no check had passed",
  ]);
});

Deno.test("judgeEvents() finds `running` of a process that was too short to be seen", () => {
  assertEquals(sawInEvents(event(1_020, { health: "unknown", pid: 8 })), [
    "process 8 ran for less than 50 ms, if at all",
  ]);
});

Deno.test("judgeEvents() finds `healthy` when an earlier launch listened", () => {
  const orphan = seenProcess(5, { launch: "4@1", startedAt: 0, listened: true });
  assertEquals(sawInEvents(event(1_500, {}), { processes: [orphan, leader] }), [
    "what listened was 5 program-5",
  ]);
  const listening = seenProcess(7, { listened: true });
  assertEquals(sawInEvents(event(1_500, {}), { processes: [orphan, listening] }), []);
});

Deno.test("judgeEvents() finds `stopped` while something runs", () => {
  const stopped = { to: "stopped", health: "unknown", pid: null };
  assertEquals(sawInEvents(event(5_000, stopped)), ["still there: 7 program-7"]);
  assertEquals(sawInEvents(event(9_050, stopped)), []);
});

Deno.test("judgeHistory() accepts an exit as it was seen", () => {
  assertEquals(sawInHistory(history(KILLED, 8_020), { killed: [leader.key] }), []);
});

Deno.test("judgeHistory() finds another end than the signal that was sent", () => {
  assertEquals(sawInHistory(history(CODE_0, 8_020), { killed: [leader.key] }), [
    "SIGKILL was sent",
  ]);
});

Deno.test("judgeHistory() finds an exit of a process that runs", () => {
  const living = new Set([leader.key]);
  assertEquals(sawInHistory(history(CODE_0, 8_020), { living }), ["7 program-7 runs"]);
});

Deno.test("judgeHistory() finds a wrong length of a run", () => {
  assertEquals(sawInHistory(history(CODE_0, 20_000)), ["it ran for 8000 ms"]);
});

Deno.test("judgeHistory() finds a launch that is missing", () => {
  assertEquals(sawInHistory([]), ["a launch of 7 program-7"]);
});
