/**
 * The process table of Linux, read with `cat`. Deno can read `/proc` only with all permissions, but a
 * child process can always read it. Every container image has `cat`; many have no `ps`.
 *
 * @module
 */

import { assertBootId, assertProcessTable } from "./assert_process_table.ts";
import type { ProcessInfo } from "../types.ts";
import { isUtf8 } from "../../text/decode_utf8.ts";
import { toolOutput } from "./tool_output.ts";
import { TOOLS_PATH } from "./tools_path.ts";

const BOOT_ID_PATH = "/proc/sys/kernel/random/boot_id";

let knownBootId: string | undefined;
let undecodable: readonly string[] | undefined;

/** Returns the boot id. Read once: it cannot change while this process is running. */
export async function bootId(): Promise<string> {
  knownBootId ??= assertBootId(await read("cat", [BOOT_ID_PATH]));
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
  if (pids.length === 0) return new Map();
  const requested = new Set([...pids, Deno.pid]);
  const text = await read("cat", [...requested].map((pid) => `/proc/${pid}/stat`));
  const entries = assertProcessTable(parseStats(text)).map((info) => [info.pid, info] as const);
  return new Map(entries.filter(([pid]) => pids.includes(pid)));
}

/** Returns all processes that are visible to this user. */
export async function listProcesses(): Promise<readonly ProcessInfo[]> {
  return assertProcessTable(
    parseStats(await read("/bin/sh", ["-c", "exec cat /proc/[0-9]*/stat"])),
  );
}

/**
 * Returns whether any process was started with an entry in its environment. Takes one child process.
 *
 * @param entry Such as `NAME=value`.
 * @returns False also for processes of other users, and for those that have overwritten their environment.
 */
export async function anyHasInEnvironment(entry: string): Promise<boolean> {
  const script = 'exec grep -lzxF -e "$1" /proc/[0-9]*/environ';
  return await read("/bin/sh", ["-c", script, "sh", entry]) !== "";
}

/**
 * Returns the processes that listen on a TCP port, on any local address.
 *
 * @param port The port.
 * @returns The processes that are visible to this user; those of other users are not.
 */
export async function ownersOfPort(port: number): Promise<readonly ProcessInfo[]> {
  const sockets = await read("cat", ["/proc/net/tcp", "/proc/net/tcp6"]);
  const inodes = parseListeningInodes(sockets, port);
  if (inodes.length === 0) return [];
  // One `ls` reads all links; one `readlink` per link would start thousands of processes.
  const listing = await read("/bin/sh", ["-c", "exec ls -l /proc/[0-9]*/fd"]);
  return [...(await inspectProcesses(parseSocketHolders(listing, inodes))).values()];
}

/**
 * Returns the processes that have a file open for writing.
 *
 * @param path Absolute path of the file, without symbolic links.
 * @returns The processes that are visible to this user; none without GNU `find`.
 */
export async function writersOf(path: string): Promise<readonly ProcessInfo[]> {
  // `find` takes a pattern.
  const pattern = path.replace(/[*?[\]\\]/g, "\\$&");
  const options = ["-maxdepth", "1", "-lname", pattern, "-perm", "-200", "-printf", "%h\\n"];
  const script = 'exec find /proc/[0-9]*/fd "$@"';
  const folders = await read("/bin/sh", ["-c", script, "sh", ...options]);
  const pids = [...folders.matchAll(/^\/proc\/([0-9]+)\/fd$/gm)].map(([, pid]) => Number(pid));
  return [...(await inspectProcesses(pids)).values()];
}

/**
 * Parses the inodes of the sockets that listen on a port.
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
 * Parses the pids of the processes that have sockets open.
 *
 * @param listing Output of `ls -l /proc/[0-9]*\/fd`: a line `/proc/PID/fd:`, then the links of that
 * process.
 * @param inodes The sockets' inodes.
 * @returns The pids.
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
 * Returns whether a process started before another one of the same boot.
 *
 * @param one Start time of the process, in clock ticks since the boot.
 * @param other Start time of the other process.
 */
export function startedBefore(one: string, other: string): boolean {
  return BigInt(one) < BigInt(other);
}

/**
 * Parses entries of `/proc/PID/stat`.
 *
 * @param text One entry after the other.
 * @returns The processes whose entries are complete.
 */
export function parseStats(text: string): ProcessInfo[] {
  // A name may contain line breaks, so lines are joined until they hold a complete entry.
  const processes: ProcessInfo[] = [];
  let pending: string[] = [];
  for (const line of text.split("\n")) {
    pending.push(line);
    if (pending.length > MAX_ENTRY_LINES) pending.shift();
    const info = parseStat(pending.join("\n"));
    if (info === null) continue;
    processes.push(info);
    pending = [];
  }
  return processes;
}

/** The kernel cuts names after 15 bytes (TASK_COMM_LEN): an entry cannot have more line breaks. */
const MAX_ENTRY_LINES = 16;

/**
 * Parses one entry of `/proc/PID/stat`.
 *
 * @param line The entry. The name is in parentheses and may itself contain parentheses (proc(5)).
 * @returns The process, or null if the entry is incomplete.
 */
export function parseStat(line: string): ProcessInfo | null {
  const open = line.indexOf(" (");
  const close = line.lastIndexOf(") ");
  if (open === -1 || close < open) return null;
  const pid = Number(line.slice(0, open));
  // Fields from the third on: state, ppid, pgrp, session, ... `starttime` is field 22.
  const fields = line.slice(close + 2).split(" ");
  const [state, parent, group, session] = fields;
  const [startTime, next] = fields.slice(19);
  // A start time is complete only if another field follows: a truncated number would identify
  // another process.
  if (!Number.isSafeInteger(pid) || startTime === undefined || next === undefined) return null;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    zombie: state === "Z" || state === "X",
    suspended: state === "T",
    startTime,
    command: line.slice(open + 2, close),
  };
}

/**
 * Returns the environment variables of this process that are not UTF-8. Deno leaves them out.
 *
 * @returns Their names, with U+FFFD for what is wrong.
 */
export async function undecodableVariables(): Promise<readonly string[]> {
  // The child inherits what Deno does not show. Read once: it is the environment that Deno was given.
  undecodable ??= wrongNames(await readBytes("cat", ["/proc/self/environ"]));
  return undecodable;
}

/**
 * Returns the names of the entries that are not UTF-8.
 *
 * @param environment Entries `NAME=value`, each with a NUL at its end.
 * @returns The names, with U+FFFD for what is wrong.
 */
export function wrongNames(environment: Uint8Array): readonly string[] {
  if (isUtf8(environment)) return [];
  const names: string[] = [];
  for (let start = 0; start < environment.length;) {
    const next = environment.indexOf(0, start);
    const entry = environment.subarray(start, next === -1 ? environment.length : next);
    if (!isUtf8(entry)) names.push(new TextDecoder().decode(entry).split("=", 1)[0]!);
    start += entry.length + 1;
  }
  return names;
}

async function read(command: string, args: readonly string[]): Promise<string> {
  return new TextDecoder().decode(await readBytes(command, args));
}

async function readBytes(command: string, args: readonly string[]): Promise<Uint8Array> {
  return (await toolOutput(command, args, { env: { PATH: TOOLS_PATH } })).stdout;
}
