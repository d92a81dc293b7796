import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  parseLsof,
  parsePs,
  startedBefore as startedBeforeOnDarwin,
} from "../../../src/platform/processes/darwin_processes.ts";
import { parseSurvey as parseDarwinSurvey } from "../../../src/platform/processes/darwin_survey.ts";
import {
  parseListeningInodes,
  parseSocketHolders,
  parseStats,
  startedBefore,
} from "../../../src/platform/processes/linux_processes.ts";
import { parseSurvey } from "../../../src/platform/processes/linux_survey.ts";
import {
  parsePids,
  parseProcessCsv,
  startedBefore as startedBeforeOnWindows,
} from "../../../src/platform/processes/windows_processes.ts";
import type { ProcessInfo, ProcessSurvey } from "../../../src/platform/types.ts";
import type { FuzzTarget, OpenTarget } from "../fuzz_target.ts";
import { resultOf } from "../properties.ts";

/** Names that a process gives itself: at most 15 bytes, with any byte but NUL. */
const name = fc.oneof(
  fc.constantFrom(
    "sh",
    "a) S 1 1 1",
    "(sd-pam)",
    "x\n7 (init) S 1",
    ") S 0",
    "\n\n",
    "",
    "a b",
    "é",
  ),
  fc.stringMatching(/^[() \nSZ0-9a]{0,15}$/),
);

interface StatEntry extends Omit<ProcessInfo, "zombie" | "suspended"> {
  readonly state: string;
}

const stat: fc.Arbitrary<StatEntry> = fc.record({
  pid: fc.integer({ min: 1, max: 4_194_304 }),
  parent: fc.nat(4_194_304),
  group: fc.nat(4_194_304),
  session: fc.nat(4_194_304),
  state: fc.constantFrom("S", "R", "Z", "X", "T", "t", "D", "I"),
  startTime: fc.nat().map(String),
  command: name,
});

const inputs = fc.array(stat, { maxLength: 6 }).map((all) => {
  const text = all.map(statOf).join("");
  // Every process that the kernel writes is read as it is, whatever its name is.
  const expected = all.map(({ state, ...one }) => ({
    ...one,
    zombie: state === "Z" || state === "X",
    suspended: state === "T",
  }));
  assertEquals(parseStats(text), expected);
  return new TextEncoder().encode(text);
});

function statOf({ pid, parent, group, session, state, startTime, command }: StatEntry): string {
  const zeros = Array.from({ length: 15 }, () => 0).join(" ");
  return `${pid} (${command}) ${state} ${parent} ${group} ${session} ${zeros} ${startTime} 0 0\n`;
}

const SEPARATOR = "\n\u0001hale\u0001\n";

/** What Linux, macOS and Windows print about processes. */
export const open: OpenTarget = (): FuzzTarget => ({
  inputs,
  words: [
    SEPARATOR,
    " (",
    ") ",
    ") S ",
    "\n",
    "p1\n",
    "Sat Nov 21 10:11:12 2026",
    "HALE_LAUNCH=a-1",
  ],
  check: async (input) => {
    const text = new TextDecoder().decode(input);
    const tables = [
      { table: parseStats(text), isBefore: startedBefore },
      { table: parsePs(text), isBefore: startedBeforeOnDarwin },
      { table: parseProcessCsv(text), isBefore: startedBeforeOnWindows },
    ];
    for (const { table, isBefore } of tables) {
      for (const one of table) {
        assertProcess(one, text);
        assertEquals(isBefore(one.startTime, one.startTime), false);
      }
    }
    for (const pids of [parseLsof(text), parsePids(text), parseSocketHolders(text, ["1", "42"])]) {
      for (const pid of pids) assertPid(pid, text);
    }
    for (const inode of parseListeningInodes(text, 80)) assert(text.includes(inode));
    for (const parse of [parseSurvey, parseDarwinSurvey]) await checkSurvey(parse, text);
  },
});

async function checkSurvey(parse: (text: string) => ProcessSurvey, text: string): Promise<void> {
  const { value, error } = await resultOf(() => parse(text), Error);
  if (error !== null) {
    assert(/could not be read completely/.test(error.message), error.stack);
    return;
  }
  assert(value.table.some(({ pid }) => pid === Deno.pid));
  for (const [pid, launches] of value.launchesOf) {
    assertPid(pid, text);
    for (const launch of launches) assert(/^[0-9a-z-]+$/.test(launch) && text.includes(launch));
  }
}

function assertProcess(process: ProcessInfo, text: string): void {
  assertPid(process.pid, text);
  assertPid(process.parent, text);
  // Those of a process that is exiting are -1.
  if (process.group !== -1) assertPid(process.group, text);
  if (process.session !== -1) assertPid(process.session, text);
  const { startTime } = process;
  // Windows hides the start of its own processes.
  assert(startTime === "" || /[0-9]/.test(startTime), `started at ${JSON.stringify(startTime)}`);
}

/** A pid that is 0, negative or not a number would mean whole groups in a signal. */
function assertPid(pid: number, text: string): void {
  assert(Number.isSafeInteger(pid) && pid >= 0, `the pid ${pid}`);
  assert(text.includes(String(pid)), `the pid ${pid} is not in the text`);
}
