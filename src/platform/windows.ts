/**
 * Windows. It has no resource limits, no signals other than termination and no process groups. A
 * process tree is stopped by `taskkill /T`, which follows the parent pids.
 *
 * @module
 */

import { spawn, spawnSync } from "node:child_process";
import { join } from "./path.ts";
import { systemProgram } from "./processes/windows_processes.ts";
import type { GroupSignal, LaunchMembers, ProcessInfo } from "./types.ts";

export { openDetached, readPidFile } from "./windows_launcher.ts";
export {
  anyHasInEnvironment,
  bootId,
  inspectProcesses,
  listProcesses,
  ownersOfPort,
  startedBefore,
  surveyProcesses,
  undecodableVariables,
  writersOf,
} from "./processes/windows_processes.ts";

/** Null: Windows finds the programs of the system without `PATH`. */
export const DEFAULT_PATH: string | null = null;

/** Whether limits of open files, niceness and umask can be set for a launch. */
export const supportsLimits: boolean = false;

/** Whether a limit of memory can be set for a launch. */
export const supportsMemoryLimit: boolean = false;

/** Whether a pid is given to a new process only after all others: Windows gives it again soon. */
export const reusesPidsLast: boolean = false;

/** Names what a program receives at a stop, for messages: no signal. */
export function nameStopRequest(_signal: string): string {
  return "the request to end";
}

/** Whether signals that do not terminate can be sent to a program. */
export const supportsSignals: boolean = false;

/**
 * Returns the default home of hale, for when neither `--home` nor `HALE_HOME` is set.
 *
 * @param env Environment variables.
 * @returns Its path in the folder of local application data, which is `AppData\\Local` in the user's folder
 * if `LOCALAPPDATA` is not set, as for some services and OpenSSH sessions. Null if neither is known.
 */
export function defaultHome(env: Readonly<Record<string, string | undefined>>): string | null {
  if (env.LOCALAPPDATA) return join(env.LOCALAPPDATA, "hale");
  return env.USERPROFILE ? join(env.USERPROFILE, "AppData", "Local", "hale") : null;
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
  const args = ["/PID", String(group), "/T"];
  spawnSync(systemProgram("taskkill.exe"), args, HIDDEN);
  return "sent";
}

/** Without a window, which Windows opens for a program whose parent has no console, as a supervisor. */
const HIDDEN = { stdio: "ignore", windowsHide: true } as const;

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
export function killGroup(group: number): Promise<GroupSignal> {
  const args = ["/PID", String(group), "/T", "/F"];
  const child = spawn(systemProgram("taskkill.exe"), args, HIDDEN);
  return new Promise((resolve) => {
    child.on("error", () => resolve("sent"));
    child.once("exit", () => resolve("sent"));
  });
}

/** Returns true: why a process cannot be terminated is not known before the attempt. */
export function maySignal(_pid: number): Promise<boolean> {
  return Promise.resolve(true);
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
