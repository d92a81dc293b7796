/**
 * The process table of macOS, by `ps(1)`. Start times have a resolution of one second there; with
 * the pid and the boot they still tell one process from another in practice.
 *
 * @module
 */

import { assertBootId, assertProcessTable } from "./assert_process_table.ts";
import type { ProcessInfo } from "../types.ts";

const COLUMNS = "pid=,ppid=,pgid=,sess=,stat=,lstart=,comm=";

let knownBootId: string | undefined;

/** Which boot of the machine this is. Asked once: it cannot change under a process. */
export async function bootId(): Promise<string> {
  knownBootId ??= assertBootId(await read("/usr/sbin/sysctl", ["-n", "kern.bootsessionuuid"]));
  return knownBootId;
}

/**
 * Looks at some processes with one child, however many they are.
 *
 * @param pids Whom to look at.
 * @returns Those that exist, zombies among them.
 */
export async function inspectProcesses(
  pids: readonly number[],
): Promise<ReadonlyMap<number, ProcessInfo>> {
  if (pids.length === 0) return new Map();
  const asked = new Set([...pids, Deno.pid]);
  const text = await read("/bin/ps", ["-o", COLUMNS, "-p", [...asked].join(",")]);
  const found = assertProcessTable(parsePs(text)).map((info) => [info.pid, info] as const);
  return new Map(found.filter(([pid]) => pids.includes(pid)));
}

/** Every process that this user can see. */
export async function listProcesses(): Promise<readonly ProcessInfo[]> {
  return assertProcessTable(parsePs(await read("/bin/ps", ["-axo", COLUMNS])));
}

/**
 * Whether a process was started with a variable in its environment.
 *
 * @param pid The process.
 * @param entry Such as `NAME=value`, without spaces.
 * @returns False too where the process is gone, or the system does not show its environment.
 */
export async function hasInEnvironment(pid: number, entry: string): Promise<boolean> {
  const text = await read("/bin/ps", ["-Eww", "-o", "command=", "-p", String(pid)]);
  return text.trimEnd().split(" ").includes(entry);
}

/**
 * Who listens on a TCP port, at any of the machine's addresses.
 *
 * @param port The port.
 * @returns All whom the system shows: the processes of other users it does not.
 */
export async function ownersOfPort(port: number): Promise<readonly ProcessInfo[]> {
  const listing = await read("/usr/sbin/lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fp"]);
  return [...(await inspectProcesses(parseLsof(listing))).values()];
}

/**
 * Reads the field output of `lsof -Fp`.
 *
 * @param text A line a field: `p` and the pid, `f` and a file's number.
 * @returns The pids.
 */
export function parseLsof(text: string): readonly number[] {
  return [...text.matchAll(/^p([0-9]+)$/gm)].map(([, pid]) => Number(pid));
}

/**
 * Whether a process was started before another one, as far as seconds tell.
 *
 * @param one Its start, as `ps -o lstart` prints it.
 * @param other The other's.
 */
export function startedBefore(one: string, other: string): boolean {
  return Date.parse(one) < Date.parse(other);
}

/**
 * Reads what `ps` printed.
 *
 * @param text A line a process. `lstart` is five words, such as `Sat Nov 21 10:11:12 2026`.
 * @returns The processes.
 */
export function parsePs(text: string): ProcessInfo[] {
  const found: ProcessInfo[] = [];
  for (const line of text.split("\n")) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\S+ +\S+ +\d+ +[\d:]+ +\d+)\s+(.*)$/
      .exec(line);
    if (match === null) continue;
    const [, pid, parent, group, , state, started, command] = match as unknown as string[];
    found.push({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      // `sess` is a kernel address on macOS, not a pid: the group has to do.
      session: Number(group),
      zombie: state!.startsWith("Z"),
      startTime: started!.replace(/ +/g, " "),
      command: command!,
    });
  }
  return found;
}

async function read(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command(command, {
    args: [...args],
    env: { LC_ALL: "C", TZ: "UTC" },
    stdin: "null",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}
