import { assertEquals, assertThrows } from "@std/assert";
import { parseSurvey, surveyProcesses } from "../../../src/platform/processes/linux_survey.ts";
import { linuxTest } from "../../fixtures/unix_test.ts";

const INCOMPLETE = "the system's process table could not be read completely";

const SEPARATOR = "\u0001hale\u0001";
const stat = (pid: number) =>
  `${pid} (sh) S 1 ${pid} ${pid} 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 987654 0 0`;

function survey(environments: string, descriptors: string): string {
  return [`${stat(Deno.pid)}\n${stat(7)}\n`, environments, descriptors].join(`\n${SEPARATOR}\n`);
}

function marks(text: string): Record<number, readonly string[]> {
  const { launchesOf } = parseSurvey(text);
  return Object.fromEntries([...launchesOf].map(([pid, launches]) => [pid, [...launches]]));
}

Deno.test("parseSurvey() reads the launches in environments", () => {
  const entries = [
    "/proc/7/environ:HALE_LAUNCH=abc-1",
    "/proc/8/environ:HALE_LAUNCH=x/../y",
    "/proc/9/other:HALE_LAUNCH=abc-1",
  ];
  assertEquals(marks(survey(entries.join("\0") + "\0", "")), { 7: ["abc-1"] });
});

Deno.test("parseSurvey() reads the launches whose pid file is open for writing only", () => {
  const link = (mode: string, pid: number, target: string) =>
    `${mode} 1 0 0 64 Nov 30 10:00 /proc/${pid}/fd/8 -> ${target}\n`;
  const links = link("l-wx------", 7, "/home/h/launches/abc-1.pid") +
    link("l-wx------", 8, "/home/a b/launches/abc-2.pid (deleted)") +
    link("lr-x------", 9, "/home/h/launches/abc-1.pid") +
    link("lrwx------", 10, "/home/h/launches/abc-1.pid") +
    link("l-wx------", 11, "/home/h/launches/nested/abc-1.pid") +
    link("l-wx------", 12, "/home/h/launches/abc-1.pid.old");
  assertEquals(marks(survey("", links)), { 7: ["abc-1"], 8: ["abc-2"] });
});

Deno.test("parseSurvey() refuses incomplete output", () => {
  const text = survey("", "");
  assertThrows(() => parseSurvey(text.slice(0, text.lastIndexOf(SEPARATOR))), Error, INCOMPLETE);
  assertThrows(() => parseSurvey(""), Error, INCOMPLETE);
  const without = text.replace(stat(Deno.pid), "");
  assertThrows(() => parseSurvey(without), Error, "hale's own process");
});

linuxTest("surveyProcesses() lists what the process table lists", async () => {
  const { table } = await surveyProcesses([]);
  assertEquals(table.some(({ pid }) => pid === Deno.pid), true);
  assertEquals(table.some(({ pid }) => pid === Deno.ppid), true);
});
