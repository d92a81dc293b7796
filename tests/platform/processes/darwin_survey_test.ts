import { assertEquals, assertThrows } from "@std/assert";
import { parseSurvey } from "../../../src/platform/processes/darwin_survey.ts";

const INCOMPLETE = "the system's process table could not be read completely";

const SEPARATOR = "\u0001hale\u0001";
const TABLE = `${Deno.pid} 1 ${Deno.pid} 0 Ss Sat Nov 21 10:11:12 2026 /opt/hale\n` +
  "7 1 7 0 Ss Sat Nov 21 10:11:13 2026 /usr/local/bin/node\n";

function survey(environments: string, files: string): string {
  return [TABLE, environments, files].join(`\n${SEPARATOR}\n`);
}

function marks(text: string): Record<number, readonly string[]> {
  const { launchesOf } = parseSurvey(text);
  return Object.fromEntries([...launchesOf].map(([pid, launches]) => [pid, [...launches]]));
}

Deno.test("parseSurvey() reads the launches in environments", () => {
  const lines = [
    "    7 node server.js PATH=/bin HALE_LAUNCH=abc-1 HOME=/root",
    "    8 node server.js PATH=/bin XHALE_LAUNCH=abc-1",
    "    9 /bin/sh",
  ];
  assertEquals(marks(survey(lines.join("\n") + "\n", "")), { 7: ["abc-1"] });
});

Deno.test("parseSurvey() reads the launches whose pid file is open for writing only", () => {
  const files = "p7\nf8\naw\nn/h/launches/abc-1.pid\n" +
    "p8\nf3\nar\nn/h/launches/abc-1.pid\n" +
    "p9\nf3\nau\nn/h/launches/abc-1.pid\nf4\naw\nn/h/launches/abc-2.pid\n";
  assertEquals(marks(survey("", files)), { 7: ["abc-1"], 9: ["abc-2"] });
});

Deno.test("parseSurvey() refuses incomplete output", () => {
  assertThrows(() => parseSurvey(TABLE), Error, INCOMPLETE);
});
