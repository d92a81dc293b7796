import { assertEquals } from "@std/assert";
import { judgeStart, judgeStop } from "../../../scripts/programs/judge_commands.ts";
import type { CommandResult } from "../../../scripts/programs/run_command.ts";
import { seenProcess } from "./seen_process.ts";

function command(code: number | null, stderr: string): CommandResult {
  return { line: "hale up", code, stdout: "", stderr, startedAt: 0, endedAt: 1 };
}

const leader = seenProcess(7);
const GOOD: Parameters<typeof judgeStart>[1] = {
  alive: [leader],
  others: [],
  answers: true,
  answeredMs: 0,
  daemonizes: false,
};

function sawAtStart(result: CommandResult, seen: Partial<typeof GOOD> = {}): string[] {
  return judgeStart(result, { ...GOOD, ...seen }).map(({ saw }) => saw);
}

function sawAtStop(
  result: CommandResult,
  seen: Partial<Parameters<typeof judgeStop>[1]> = {},
): string[] {
  return judgeStop(result, { before: [leader], left: [], killed: false, ...seen })
    .map(({ saw }) => saw);
}

Deno.test("judgeStart() finds nothing when the service runs and answers", () => {
  assertEquals(sawAtStart(command(0, "web | running  pid 7, healthy")), []);
});

Deno.test("judgeStart() finds a success of a program that has ended", () => {
  assertEquals(sawAtStart(command(0, "web | running  pid 7"), { alive: [] }), [
    "the process that was launched has ended",
    "no process 7",
  ]);
});

Deno.test("judgeStart() accepts the pid of another service", () => {
  const text = "db | running  pid 5, healthy";
  assertEquals(sawAtStart(command(0, text), { others: [seenProcess(5, { service: "db" })] }), []);
  assertEquals(sawAtStart(command(0, text)), ["no process 5"]);
});

Deno.test("judgeStart() finds a success of a program that does not answer", () => {
  assertEquals(sawAtStart(command(0, ""), { answers: false }), ["it does not answer"]);
});

Deno.test("judgeStart() finds a failure of a program that runs and answers", () => {
  assertEquals(sawAtStart(command(4, "not healthy")), ["7 program-7 runs and answers"]);
});

Deno.test("judgeStart() finds a failure of a program that answered until it was stopped", () => {
  const seen = { alive: [], answers: false, answeredMs: 9_000 };
  assertEquals(sawAtStart(command(4, "not healthy"), seen), [
    "it answered for 9000 ms in the meantime",
  ]);
});

Deno.test("judgeStart() wants advice for a program that puts itself into the background", () => {
  const seen = { alive: [], daemonizes: true };
  assertEquals(sawAtStart(command(1, "exited with code 0"), seen), [
    "not said that it put itself into the background",
  ]);
  assertEquals(sawAtStart(command(1, "it put itself into the background"), seen), []);
});

Deno.test("judgeStop() finds nothing when nothing is left", () => {
  assertEquals(sawAtStop(command(0, "web stopped")), []);
});

Deno.test("judgeStop() finds processes that are left and not named", () => {
  assertEquals(sawAtStop(command(0, "web stopped"), { left: [leader] }), [
    "still there: 7 program-7",
  ]);
});

Deno.test("judgeStop() wants status 1 when the left processes are named", () => {
  const text = "web stopped, but pid 7 is left";
  assertEquals(sawAtStop(command(0, text), { left: [leader] }), [
    "left processes need status 1",
  ]);
  assertEquals(sawAtStop(command(1, text), { left: [leader] }), []);
});

Deno.test("judgeStop() finds a kill that is not said", () => {
  assertEquals(sawAtStop(command(0, "web stopped"), { killed: true }), [
    "hale killed it, by its own audit log",
  ]);
  assertEquals(sawAtStop(command(0, "web stopped (killed after 3s)"), { killed: true }), []);
});

Deno.test("judgeStop() finds that something ran of which hale says that nothing did", () => {
  assertEquals(sawAtStop(command(0, "no service was running")), ["there was: 7 program-7"]);
});
