/**
 * Windows. It has no resource limits, no signals other than termination and no process groups. A
 * process tree is stopped by `taskkill /T`, which follows the parent pids.
 *
 * @module
 */

import { assertBootId, assertProcessTable } from "./processes/assert_process_table.ts";
import { join } from "./path.ts";
import type { GroupSignal, LaunchMembers, ProcessInfo, ProcessSurvey } from "./types.ts";

export { openDetached, readPidFile } from "./windows_launcher.ts";

/** Null: Windows finds the programs of the system without `PATH`. */
export const DEFAULT_PATH: string | null = null;

/** Whether limits of open files, niceness and umask can be set for a launch. */
export const supportsLimits: boolean = false;

/** Whether a limit of memory can be set for a launch. */
export const supportsMemoryLimit: boolean = false;

/** Whether signals that do not terminate can be sent to a program. */
export const supportsSignals: boolean = false;

let knownBootId: string | undefined;

/**
 * Returns the boot id: the creation time of the first process, `System`. Read once.
 *
 * Not `Win32_OperatingSystem.LastBootUpTime`: it changes when the clock is set, and every running
 * process would then seem to be from another boot. The creation time of a process does not change.
 */
export async function bootId(): Promise<string> {
  knownBootId ??= assertBootId(
    await powershell(
      "(Get-CimInstance Win32_Process -Filter 'ProcessId = 4').CreationDate.ToUniversalTime().Ticks",
    ),
  );
  return knownBootId;
}

/**
 * Returns the default home of hale, for when neither `--home` nor `HALE_HOME` is set.
 *
 * @param env Environment variables.
 * @returns Its path, or null if `LOCALAPPDATA` is not set.
 */
export function defaultHome(env: Readonly<Record<string, string | undefined>>): string | null {
  return env.LOCALAPPDATA ? join(env.LOCALAPPDATA, "hale") : null;
}

/**
 * Returns the file names that an executable may have.
 *
 * @param name Such as `node`.
 * @param env Environment variables, for `PATHEXT`.
 * @returns The name with each executable extension, or the name itself if it has one.
 */
export function executableNames(
  name: string,
  env: Readonly<Record<string, string | undefined>> = {},
): readonly string[] {
  const extensions = (env.PATHEXT ?? ".COM;.EXE;.BAT;.CMD").toLowerCase().split(";")
    .filter(Boolean);
  return extensions.some((extension) => name.toLowerCase().endsWith(extension))
    ? [name]
    : extensions.map((extension) => name + extension);
}

/** Returns whether a path is a file. Windows decides by the extension, which the caller has checked. */
export function isExecutableFile(info: Deno.FileInfo): boolean {
  return info.isFile;
}

/** Does nothing: Windows decides by the extension whether a file is executable. */
export async function makeExecutable(_path: string): Promise<void> {}

/** Does nothing: NTFS journals its folders, and they cannot be opened for a sync. */
export async function syncFolder(_path: string): Promise<void> {}

/** Does nothing, as {@linkcode syncFolder}. */
export function syncFolderSync(_path: string): void {}

/**
 * Requests termination of every process of a tree. Windows has no signals. Programs without a window
 * ignore the request, so callers use {@linkcode killGroup} after the grace period.
 *
 * @param group The root's pid. The caller has verified that it has not been reused.
 * @returns `sent`, also if no process received the request: the reason is not known.
 */
export function signalGroup(group: number, _signal: string): GroupSignal {
  new Deno.Command("taskkill", {
    args: ["/PID", String(group), "/T"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).outputSync();
  return "sent";
}

/** Returns false: a group whose root was reaped cannot be found. */
export function groupExists(_group: number): Promise<boolean> {
  return Promise.resolve(false);
}

/**
 * Terminates one process. Windows has no other signal.
 *
 * @param pid Its pid. The caller has verified that it has not been reused.
 * @returns False if this user may not terminate it.
 */
export function sendSignal(pid: number, _signal: string): boolean {
  try {
    Deno.kill(pid, "SIGKILL");
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return false;
    return true;
  }
}

/**
 * Kills every process of a tree.
 *
 * @param group The root's pid. The caller has verified that it has not been reused.
 * @returns `sent`, also if no process was killed: the reason is not known.
 */
export async function killGroup(group: number): Promise<GroupSignal> {
  await new Deno.Command("taskkill", {
    args: ["/PID", String(group), "/T", "/F"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  return "sent";
}

/** Returns true: why a process cannot be terminated is not known before the attempt. */
export function maySignal(_pid: number): Promise<boolean> {
  return Promise.resolve(true);
}

/**
 * Reads the process table entries of some pids, with one child process.
 *
 * @param pids The pids.
 * @returns The entries of those that exist.
 */
export async function inspectProcesses(
  pids: readonly number[],
): Promise<ReadonlyMap<number, ProcessInfo>> {
  const requested = new Set(pids);
  const all = pids.length === 0 ? [] : await listProcesses();
  return new Map(all.filter((info) => requested.has(info.pid)).map((info) => [info.pid, info]));
}

/** Returns all processes that are visible to this user. */
export async function listProcesses(): Promise<readonly ProcessInfo[]> {
  return assertProcessTable(parseProcessCsv(
    await powershell(
      "Get-CimInstance Win32_Process | ForEach-Object { '{0},{1},{2},{3}' -f " +
        "$_.ProcessId,$_.ParentProcessId,$_.CreationDate.ToUniversalTime().Ticks,$_.Name }",
    ),
  ));
}

/**
 * Reads the process table. Windows shows no environment of another process and no owner of a file: there
 * are no marks.
 */
export async function surveyProcesses(_pidFiles: readonly string[]): Promise<ProcessSurvey> {
  return { table: await listProcesses(), launchesOf: new Map() };
}

/**
 * Parses the process table that {@linkcode listProcesses} requests.
 *
 * @param text One process per line: pid, parent, start in ticks, name.
 * @returns The processes.
 */
export function parseProcessCsv(text: string): ProcessInfo[] {
  const processes: ProcessInfo[] = [];
  for (const line of text.split(/\r?\n/)) {
    const match = /^(\d+),(\d+),(\d*),(.*)$/.exec(line);
    if (match === null) continue;
    const [, pid, parent, startTime, command] = match as unknown as string[];
    processes.push({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(pid),
      session: Number(pid),
      zombie: false,
      suspended: false,
      startTime: startTime!,
      command: command!,
    });
  }
  return processes;
}

/** Returns none: Windows has its variables in UTF-16. */
export function undecodableVariables(): Promise<readonly string[]> {
  return Promise.resolve([]);
}

/** Returns false: Windows does not show the environment of another process. */
export function anyHasInEnvironment(_entry: string): Promise<boolean> {
  return Promise.resolve(false);
}

/**
 * Returns the processes that listen on a TCP port, on any local address.
 *
 * @param port The port.
 * @returns The processes that are visible to this user.
 */
export async function ownersOfPort(port: number): Promise<readonly ProcessInfo[]> {
  const pids = await powershell(
    `Get-NetTCPConnection -State Listen -LocalPort ${port} -ErrorAction SilentlyContinue | ` +
      "ForEach-Object { $_.OwningProcess }",
  );
  return [...(await inspectProcesses(parsePids(pids))).values()];
}

/** Returns none: Windows shows no owner of an open file. */
export function writersOf(_path: string): Promise<readonly ProcessInfo[]> {
  return Promise.resolve([]);
}

/**
 * Parses a list of pids.
 *
 * @param text One pid per line, possibly with duplicates.
 * @returns The pids, without duplicates.
 */
export function parsePids(text: string): readonly number[] {
  return [...new Set([...text.matchAll(/^\s*(\d+)\s*$/gm)].map(([, pid]) => Number(pid)))];
}

/**
 * Returns whether a process started before another one.
 *
 * @param one Start time of the process, in ticks.
 * @param other Start time of the other process, in ticks.
 */
export function startedBefore(one: string, other: string): boolean {
  return BigInt(one || "0") < BigInt(other || "0");
}

async function powershell(script: string): Promise<string> {
  const { stdout } = await new Deno.Command("powershell.exe", {
    args: ["-NoProfile", "-NonInteractive", "-Command", script],
    stdin: "null",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

/**
 * Finds a launch's processes in the process table.
 *
 * @param table All processes.
 * @param leader The launch's pid.
 * @returns The process tree of the leader, all of which `taskkill /T` reaches. Processes older than
 * their parent are excluded, because the parent's pid has been reused.
 */
export function launchMembers(table: readonly ProcessInfo[], leader: number): LaunchMembers {
  const started = new Map<number, bigint>();
  const group: ProcessInfo[] = [];
  for (let grown = true; grown;) {
    grown = false;
    for (const info of table) {
      if (started.has(info.pid)) continue;
      const startedAt = BigInt(info.startTime || "0");
      const parentAt = started.get(info.parent);
      if (info.pid !== leader && (parentAt === undefined || startedAt < parentAt)) continue;
      started.set(info.pid, startedAt);
      group.push(info);
      grown = true;
    }
  }
  return { group, escaped: [] };
}
