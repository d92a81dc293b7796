/**
 * A survey of the processes: one child process prints several parts. The first is the process table, the
 * others show the marks of launches: environments, and who has the pid files of launches open.
 *
 * @module
 */

import type { ProcessInfo, ProcessSurvey } from "../types.ts";
import { assertProcessTable } from "./assert_process_table.ts";

/** Between the parts. No process table and no list of files holds such a line. */
const SEPARATOR = "\u0001hale\u0001";

/** Shell command that prints the end of a part. */
export const END_OF_PART = `printf '\\n${SEPARATOR}\\n'`;

/** A process, and a launch whose mark it carries. */
export type Mark = readonly [pid: string, launch: string];

/**
 * Runs the script of a survey.
 *
 * @param script Commands that print the parts, with {@linkcode END_OF_PART} between them.
 * @param args Its arguments.
 * @returns What it prints.
 */
export async function runSurvey(script: string, args: readonly string[] = []): Promise<string> {
  const { stdout } = await new Deno.Command("/bin/sh", {
    args: ["-c", script, "sh", ...args],
    // The tools are no part of a launch, even if this process was started by one.
    env: { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", LC_ALL: "C", TZ: "UTC" },
    clearEnv: true,
    stdin: "null",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

/**
 * Reads the parts of a survey.
 *
 * @param text What the script has printed.
 * @param read `parts`: how many parts there are. `table` reads the first one, the process table; `marks`
 * reads the others.
 * @returns The processes and their marks.
 * @throws If it is incomplete.
 */
export function readSurvey(
  text: string,
  read: {
    readonly parts: number;
    readonly table: (text: string) => readonly ProcessInfo[];
    readonly marks: (...parts: string[]) => Iterable<Mark>;
  },
): ProcessSurvey {
  const [table = "", ...others] = text.split(`\n${SEPARATOR}\n`);
  if (others.length !== read.parts - 1) {
    throw new Error("the system's process table could not be read completely");
  }
  const launchesOf = new Map<number, Set<string>>();
  for (const [pid, launch] of read.marks(...others)) {
    launchesOf.set(Number(pid), (launchesOf.get(Number(pid)) ?? new Set()).add(launch));
  }
  return { table: assertProcessTable(read.table(table)), launchesOf };
}
