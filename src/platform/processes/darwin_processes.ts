/**
 * The process table of macOS, read with `ps(1)`. Its start times have a resolution of one second, and no
 * other program of the system prints a finer one. Together with the pid and the boot id they identify a
 * process: pids are given in order, up to 99999 (xnu, bsd/kern/kern_fork.c and `PID_MAX`), so one is reused
 * within a second only if a hundred thousand processes start in it.
 *
 * @module
 */

import { assertBootId, assertProcessTable } from "./assert_process_table.ts";
import type { ProcessInfo } from "../types.ts";
import { toolOutput } from "./tool_output.ts";
import { TOOLS_PATH } from "./tools_path.ts";

/** Columns of `ps` that {@linkcode parsePs} reads. */
export const COLUMNS = "pid=,ppid=,pgid=,sess=,stat=,lstart=,comm=";

/** `PID_MAX` of the kernel, and the largest number that `ps -p` accepts (adv_cmds, ps/ps.c). */
const LARGEST_PID = 99_999;

let knownBootId: string | undefined;

/** Returns the boot id. Read once: it cannot change while this process is running. */
export async function bootId(): Promise<string> {
  knownBootId ??= assertBootId(await read("/usr/sbin/sysctl", ["-n", "kern.bootsessionuuid"]));
  return knownBootId;
}

/**
 * Reads the process table entries of some pids, with one child process.
 *
 * @param pids The pids.
 * @returns The entries of those that exist, including zombies.
 */
export async function inspectProcesses(
  pids: readonly number[],
): Promise<ReadonlyMap<number, ProcessInfo>> {
  // ps refuses the whole list if one pid is larger, as in a record of another machine.
  pids = pids.filter((pid) => pid <= LARGEST_PID);
  if (pids.length === 0) return new Map();
  const requested = new Set([...pids, Deno.pid]);
  const text = await read("/bin/ps", ["-o", COLUMNS, "-p", [...requested].join(",")]);
  const entries = assertProcessTable(parsePs(text)).map((info) => [info.pid, info] as const);
  return new Map(entries.filter(([pid]) => pids.includes(pid)));
}

/** Returns all processes that are visible to this user. */
export async function listProcesses(): Promise<readonly ProcessInfo[]> {
  return assertProcessTable(parsePs(await read("/bin/ps", ["-axo", COLUMNS])));
}

/**
 * Returns whether any process was started with an entry in its environment. Takes one child process.
 *
 * @param entry Such as `NAME=value`, without spaces.
 * @returns False also for processes whose environment is not visible, such as programs of the system.
 */
export async function anyHasInEnvironment(entry: string): Promise<boolean> {
  const text = await read("/bin/ps", ["-axEww", "-o", "command="]);
  return text.split(/[ \n]/).includes(entry);
}

/**
 * Returns the processes that listen on a TCP port, on any local address.
 *
 * @param port The port.
 * @returns The processes that are visible to this user; those of other users are not.
 */
export async function ownersOfPort(port: number): Promise<readonly ProcessInfo[]> {
  const listing = await read("/usr/sbin/lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fp"]);
  return [...(await inspectProcesses(parseLsof(listing))).values()];
}

/**
 * Returns the processes that have a file open for writing.
 *
 * @param path Absolute path of the file.
 * @returns The processes that are visible to this user.
 */
export async function writersOf(path: string): Promise<readonly ProcessInfo[]> {
  const listing = await read("/usr/sbin/lsof", ["-nP", "-Fpa", "--", path]);
  const pids = listing.split(/^(?=p)/m).filter((fields) => /^a[wu]/m.test(fields));
  return [...(await inspectProcesses(parseLsof(pids.join("")))).values()];
}

/**
 * Parses the field output of `lsof -Fp`.
 *
 * @param text One field per line: `p` and a pid, or `f` and a file descriptor.
 * @returns The pids.
 */
export function parseLsof(text: string): readonly number[] {
  return [...text.matchAll(/^p([0-9]+)$/gm)].map(([, pid]) => Number(pid));
}

/**
 * Returns whether a process started before another one, with a resolution of one second.
 *
 * @param one Start time of the process, as `ps -o lstart` prints it.
 * @param other Start time of the other process.
 */
export function startedBefore(one: string, other: string): boolean {
  // Without the zone, both would be read as local time, in which an hour may occur twice.
  return Date.parse(`${one} UTC`) < Date.parse(`${other} UTC`);
}

/** As `lstart` prints it in the C locale: `Sat Nov 21 10:11:12 2026`. */
const LSTART = "[A-Z][a-z]{2} +[A-Z][a-z]{2} +[0-9]{1,2} +[0-9:]{8} +[0-9]+";

/**
 * Parses the output of `ps -o lstart=`.
 *
 * @param text The output.
 * @returns The start time as in {@linkcode ProcessInfo}; null if it is none.
 */
export function parseStartTime(text: string): string | null {
  return new RegExp(`^ *${LSTART} *$`).test(text) ? text.trim().replace(/ +/g, " ") : null;
}

const PS_LINE = new RegExp(
  `^\\s*(\\d+)\\s+(\\d+)\\s+(\\d+)\\s+(\\S+)\\s+(\\S+)\\s+(${LSTART})\\s+(.*)$`,
);

/**
 * Parses the output of `ps`.
 *
 * @param text One process per line. `comm` is the first argument, often a path. `lstart` has five fields, such as `Sat Nov 21 10:11:12 2026`.
 * @returns The processes.
 */
export function parsePs(text: string): ProcessInfo[] {
  const processes: ProcessInfo[] = [];
  for (const line of text.split("\n")) {
    const match = PS_LINE.exec(line);
    if (match === null) continue;
    const [, pid, parent, group, , state, started, command] = match as unknown as string[];
    processes.push({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      // On macOS `sess` is a kernel address, not a pid. The group is used instead.
      session: Number(group),
      zombie: state!.startsWith("Z"),
      suspended: state!.startsWith("T"),
      startTime: started!.replace(/ +/g, " "),
      command: command!.startsWith("/") ? command!.replace(/^.*\//, "") : command!,
    });
  }
  return processes;
}

/**
 * Returns the environment variables of this process that are not UTF-8. Deno leaves them out.
 *
 * @returns Their names, with U+FFFD for what is wrong.
 */
export async function undecodableVariables(): Promise<readonly string[]> {
  // The child inherits what Deno does not show. A value may have several lines.
  const text = await read("/usr/bin/env", []);
  const names: string[] = [];
  let name = "";
  for (const line of text.split("\n")) {
    name = /^([^=]+)=/.exec(line)?.[1] ?? name;
    if (line.includes("\ufffd") && Deno.env.get(name) === undefined) names.push(name);
  }
  return [...new Set(names)];
}

async function read(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await toolOutput(command, args, {
    env: { PATH: TOOLS_PATH, LC_ALL: "C", TZ: "UTC" },
  });
  return new TextDecoder().decode(stdout);
}
