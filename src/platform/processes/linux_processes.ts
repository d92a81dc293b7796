/**
 * The process table of Linux. Deno may not read `/proc` without every permission there is, but a
 * child may: `cat` is in every image, `ps` is not.
 *
 * @module
 */

import { assertBootId, assertProcessTable } from "./assert_process_table.ts";
import type { ProcessInfo } from "../types.ts";

const BOOT_ID_PATH = "/proc/sys/kernel/random/boot_id";

let knownBootId: string | undefined;

/** Which boot of the machine this is. Asked once: it cannot change under a process. */
export async function bootId(): Promise<string> {
  knownBootId ??= assertBootId(await read("cat", [BOOT_ID_PATH]));
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
  const text = await read("cat", [...asked].map((pid) => `/proc/${pid}/stat`));
  const found = assertProcessTable(parseStats(text)).map((info) => [info.pid, info] as const);
  return new Map(found.filter(([pid]) => pids.includes(pid)));
}

/** Every process that this user can see. */
export async function listProcesses(): Promise<readonly ProcessInfo[]> {
  return assertProcessTable(
    parseStats(await read("/bin/sh", ["-c", "exec cat /proc/[0-9]*/stat"])),
  );
}

/**
 * Whether a process was started with a variable in its environment.
 *
 * @param pid The process.
 * @param entry Such as `NAME=value`.
 * @returns False too where the process is gone, is another user's, or has overwritten it.
 */
export async function hasInEnvironment(pid: number, entry: string): Promise<boolean> {
  return (await read("cat", [`/proc/${pid}/environ`])).split("\0").includes(entry);
}

/**
 * Who listens on a TCP port, at any of the machine's addresses.
 *
 * @param port The port.
 * @returns All whom the system shows: the processes of other users it does not.
 */
export async function ownersOfPort(port: number): Promise<readonly ProcessInfo[]> {
  const sockets = await read("cat", ["/proc/net/tcp", "/proc/net/tcp6"]);
  const inodes = parseListeningInodes(sockets, port);
  if (inodes.length === 0) return [];
  // One `ls` reads every link: a `readlink` each would start thousands of processes.
  const listing = await read("/bin/sh", ["-c", "exec ls -l /proc/[0-9]*/fd"]);
  return [...(await inspectProcesses(parseSocketHolders(listing, inodes))).values()];
}

/**
 * The inodes of the sockets that listen on a port.
 *
 * @param table Contents of `/proc/net/tcp` (proc(5): state 0A is LISTEN, addresses are hex).
 * @param port The port.
 * @returns The inodes.
 */
export function parseListeningInodes(table: string, port: number): readonly string[] {
  const suffix = ":" + port.toString(16).toUpperCase().padStart(4, "0");
  return table.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const listens = fields[1]?.endsWith(suffix) && fields[3] === "0A";
    return listens && fields[9] !== undefined ? [fields[9]] : [];
  });
}

/**
 * The processes that hold sockets.
 *
 * @param listing What `ls -l /proc/[0-9]*\/fd` prints: a line `/proc/PID/fd:` before each one's links.
 * @param inodes The sockets' inodes.
 * @returns The pids of all holders.
 */
export function parseSocketHolders(listing: string, inodes: readonly string[]): readonly number[] {
  const ends = inodes.map((inode) => ` -> socket:[${inode}]`);
  const holders = new Set<number>();
  let pid = 0;
  for (const line of listing.split("\n")) {
    const folder = /^\/proc\/([0-9]+)\/fd:$/.exec(line);
    if (folder !== null) pid = Number(folder[1]);
    else if (ends.some((end) => line.endsWith(end))) holders.add(pid);
  }
  return [...holders];
}

/**
 * Whether a process was started before another one of the same boot.
 *
 * @param one Its start, in clock ticks since the boot.
 * @param other The other's.
 */
export function startedBefore(one: string, other: string): boolean {
  return BigInt(one) < BigInt(other);
}

function parseStats(text: string): ProcessInfo[] {
  // A name may hold a line break, so lines are joined until one has its 22 fields.
  const found: ProcessInfo[] = [];
  let pending = "";
  for (const line of text.split("\n")) {
    pending = pending === "" ? line : pending + "\n" + line;
    const info = parseStat(pending);
    if (info === null) continue;
    found.push(info);
    pending = "";
  }
  return found;
}

/**
 * Reads one line of `/proc/PID/stat`.
 *
 * @param line The line. The name stands in brackets and may hold anything, brackets too (proc(5)).
 * @returns The process, or null where the line is not whole.
 */
export function parseStat(line: string): ProcessInfo | null {
  const open = line.indexOf(" (");
  const close = line.lastIndexOf(") ");
  if (open === -1 || close < open) return null;
  const pid = Number(line.slice(0, open));
  // Fields from the third on: state, ppid, pgrp, session, ... starttime is the 22nd of all.
  const fields = line.slice(close + 2).split(" ");
  const [state, parent, group, session] = fields;
  const [startTime, next] = fields.slice(19);
  // Only what another field follows is whole: a part of a number would be another process.
  if (!Number.isSafeInteger(pid) || startTime === undefined || next === undefined) return null;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    zombie: state === "Z" || state === "X",
    startTime,
    command: line.slice(open + 2, close),
  };
}

async function read(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command(command, {
    args: [...args],
    stdin: "null",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}
