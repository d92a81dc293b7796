import { assertEquals, assertThrows } from "@std/assert";
import { parseSurvey } from "../../../src/platform/processes/darwin_survey.ts";

const INCOMPLETE = "the system's process table could not be read completely";

const SEPARATOR = "\u0001hale\u0001";
const TABLE = `${Deno.pid} 1 ${Deno.pid} 0 Ss Sat Nov 21 10:11:12 2026 /opt/hale\n` +
  "7 1 7 0 Ss Sat Nov 21 10:11:13 2026 /usr/local/bin/node\n";

function survey(args: string, environments: string, files: string): string {
  const commands = `${args}\n\u0001environments\u0001\n${environments}`;
  return [TABLE, commands, files].join(`\n${SEPARATOR}\n`);
}

function marks(text: string): Record<number, readonly string[]> {
  const { launchesOf } = parseSurvey(text);
  return Object.fromEntries([...launchesOf].map(([pid, launches]) => [pid, [...launches]]));
}

Deno.test("parseSurvey() reads the launches in environments", () => {
  const args = [
    "    7 node server.js",
    "    8 node server.js",
    "    9 /bin/sh",
    "   10 grep HALE_LAUNCH=abc-1",
    "   11 grep HALE_LAUNCH=abc-1",
    "   12 /bin/sh -c exec node",
    "99998 a program",
  ];
  const lines = [
    "    7 node server.js PATH=/bin HALE_LAUNCH=abc-1 HOME=/h",
    "    8 node server.js PATH=/bin XHALE_LAUNCH=abc-1",
    // The environment of the system's own programs is hidden.
    "    9 /bin/sh",
    // An argument is no mark.
    "   10 grep HALE_LAUNCH=abc-1",
    "   11 grep HALE_LAUNCH=abc-1 HALE_LAUNCH=abc-2",
    // It has become another program in between.
    "   12 node HALE_LAUNCH=abc-3",
    "99998 a program HALE_LAUNCH=abc-4 ",
  ];
  const text = survey(args.join("\n") + "\n", lines.join("\n") + "\n", "");
  assertEquals(marks(text), { 7: ["abc-1"], 11: ["abc-2"], 99998: ["abc-4"] });
});

Deno.test("parseSurvey() reads the launches whose pid file is open for writing only", () => {
  const files = "p7\nf8\naw\nn/h/launches/abc-1.pid\n" +
    "p8\nf3\nar\nn/h/launches/abc-1.pid\n" +
    "p9\nf3\nau\nn/h/launches/abc-1.pid\nf4\naw\nn/h/launches/abc-2.pid\n";
  assertEquals(marks(survey("", "", files)), { 7: ["abc-1"], 9: ["abc-2"] });
});

Deno.test("parseSurvey() refuses incomplete output", () => {
  assertThrows(() => parseSurvey(TABLE), Error, INCOMPLETE);
});
