/**
 * A survey of the processes: one child process prints three parts, which are the process table, the
 * environments, and who has the pid files of launches open.
 *
 * @module
 */

import type { ProcessInfo, ProcessSurvey } from "../types.ts";
import { assertProcessTable } from "./assert_process_table.ts";
import { toolOutput } from "./tool_output.ts";
import { TOOLS_PATH } from "./tools_path.ts";

/** Between the parts. No process table and no list of files holds such a line. */
const SEPARATOR = "\u0001hale\u0001";

/** Shell command that prints the end of a part. */
export const END_OF_PART = `printf '\\n${SEPARATOR}\\n'`;

/** A process, and a launch whose mark it carries. */
export type Mark = readonly [pid: string, launch: string];

/**
 * Runs the script of a survey.
 *
 * @param script Commands that print the three parts, with {@linkcode END_OF_PART} after the first two.
 * @param args Its arguments.
 * @returns What it prints.
 * @throws If it does not end in time.
 */
export async function runSurvey(script: string, args: readonly string[] = []): Promise<string> {
  const { stdout } = await toolOutput("/bin/sh", ["-c", script, "sh", ...args], {
    // The tools are no part of a launch, even if this process was started by one.
    env: { PATH: TOOLS_PATH, LC_ALL: "C", TZ: "UTC" },
    clearEnv: true,
  });
  return new TextDecoder().decode(stdout);
}

/**
 * Reads the parts of a survey.
 *
 * @param text The three parts.
 * @param read Reads the process table, and the marks of the other two parts.
 * @returns The processes and their marks.
 * @throws If it is incomplete.
 */
export function readSurvey(
  text: string,
  read: {
    readonly table: (text: string) => readonly ProcessInfo[];
    readonly environments: (text: string) => Iterable<Mark>;
    readonly pidFiles: (text: string) => Iterable<Mark>;
  },
): ProcessSurvey {
  const [table, environments, pidFiles] = text.split(`\n${SEPARATOR}\n`);
  if (table === undefined || environments === undefined || pidFiles === undefined) {
    throw new Error("the system's process table could not be read completely");
  }
  const launchesOf = new Map<number, Set<string>>();
  for (const marks of [read.environments(environments), read.pidFiles(pidFiles)]) {
    for (const [pid, launch] of marks) {
      launchesOf.set(Number(pid), (launchesOf.get(Number(pid)) ?? new Set()).add(launch));
    }
  }
  return { table: assertProcessTable(read.table(table)), launchesOf };
}
