/**
 * Linux and macOS.
 *
 * @module
 */

import { join } from "./path.ts";
import * as darwin from "./processes/darwin_processes.ts";
import * as linux from "./processes/linux_processes.ts";
import * as darwinSurvey from "./processes/darwin_survey.ts";
import * as linuxSurvey from "./processes/linux_survey.ts";
import type { GroupSignal, LaunchMembers, ProcessInfo } from "./types.ts";

export { openDetached, readPidFile } from "./unix_launcher.ts";

const processes = Deno.build.os === "linux" ? linux : darwin;

export const {
  anyHasInEnvironment,
  bootId,
  inspectProcesses,
  listProcesses,
  ownersOfPort,
  startedBefore,
  undecodableVariables,
  writersOf,
} = processes;

export const { surveyProcesses } = Deno.build.os === "linux" ? linuxSurvey : darwinSurvey;

/** `PATH` of a command whose environment has none, as shells have it. */
export const DEFAULT_PATH: string | null = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

/** Whether limits of open files, niceness and umask can be set for a launch. */
export const supportsLimits: boolean = true;

/**
 * Whether a limit of memory can be set for a launch. macOS compares `RLIMIT_DATA` and `RLIMIT_AS` with the
 * size of the whole address space, and refuses a limit below the current size (xnu, `vm_map_set_data_limit`
 * in osfmk/vm/vm_map.c). Programs reserve far more there than they use.
 */
export const supportsMemoryLimit: boolean = Deno.build.os === "linux";

/**
 * Whether a pid is given to a new process only after all others. macOS counts up to 99999, and has no way
 * to choose the next one (xnu, bsd/kern/kern_fork.c). Linux has one.
 */
export const reusesPidsLast: boolean = Deno.build.os === "darwin";

/**
 * Names what a program receives at a stop, for messages.
 *
 * @param signal Name of the stop signal.
 */
export function nameStopRequest(signal: string): string {
  return signal;
}

/** Whether signals that do not terminate can be sent to a program. */
export const supportsSignals: boolean = true;

/**
 * Returns the default home of hale, for when neither `--home` nor `HALE_HOME` is set.
 *
 * @param env Environment variables.
 * @returns Its path, or null if `HOME` is not set.
 */
export function defaultHome(env: Readonly<Record<string, string | undefined>>): string | null {
  return env.HOME ? join(env.HOME, ".hale") : null;
}

/**
 * Returns the file names that an executable may have.
 *
 * @param name Such as `node`.
 * @returns The name itself.
 */
export function executableNames(
  name: string,
  _env: Readonly<Record<string, string | undefined>> = {},
): readonly string[] {
  return [name];
}

/** Returns whether a file is executable by its owner, its group or others. */
export function isExecutableFile(info: Deno.FileInfo): boolean {
  return info.isFile && ((info.mode ?? 0) & 0o111) !== 0;
}

/** Makes a file executable for all users. */
export async function makeExecutable(path: string): Promise<void> {
  await Deno.chmod(path, 0o755);
}

/** Syncs a folder's entries to disk, so that a rename within it survives a power failure. */
export async function syncFolder(path: string): Promise<void> {
  using folder = await Deno.open(path, { read: true });
  await folder.sync();
}

/** As {@linkcode syncFolder}, synchronously. */
export function syncFolderSync(path: string): void {
  using folder = Deno.openSync(path, { read: true });
  folder.syncSync();
}

/**
 * Sends a signal to every process of a group.
 *
 * @param group The group's id. The caller has verified that it has not been reused.
 * @param signal Name of the signal.
 * @returns Whether a member was signalled.
 */
export function signalGroup(group: number, signal: string): GroupSignal {
  if (!Number.isSafeInteger(group) || group <= 1) {
    // kill(2): 0 signals the own group, -1 every process.
    throw new RangeError(`Process group ${group} cannot be signalled: its id must be 2 or more`);
  }
  try {
    Deno.kill(-group, signal as Deno.Signal);
    return "sent";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "none";
    // Other users' processes, or (macOS) only zombies.
    if (error instanceof Deno.errors.PermissionDenied) return "denied";
    throw error;
  }
}

/**
 * Returns whether a process group has a member. Signals nothing.
 *
 * @param group The group's id. It may have been reused.
 */
export async function groupExists(group: number): Promise<boolean> {
  // Deno.kill() has no signal 0.
  const { default: process } = await import("node:process");
  try {
    process.kill(-group, 0);
    return true;
  } catch (error) {
    return (error as { readonly code?: string }).code === "EPERM";
  }
}

/**
 * Sends a signal to one process.
 *
 * @param pid Its pid. The caller has verified that it has not been reused.
 * @param signal Name of the signal.
 * @returns False if this user may not signal it.
 */
export function sendSignal(pid: number, signal: string): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 1) {
    throw new RangeError(`Process ${pid} cannot be signalled: its id must be 2 or more`);
  }
  try {
    Deno.kill(pid, signal as Deno.Signal);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    if (error instanceof Deno.errors.PermissionDenied) return false;
    throw error;
  }
}

/**
 * Returns whether this user may signal a process. Signals nothing.
 *
 * @param pid Its pid. The caller has verified that it has not been reused.
 */
export async function maySignal(pid: number): Promise<boolean> {
  const { default: process } = await import("node:process");
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { readonly code?: string }).code !== "EPERM";
  }
}

/**
 * Kills every process of a group.
 *
 * @param group The group's id. The caller has verified that it has not been reused.
 * @returns Whether a member was signalled.
 */
export function killGroup(group: number): Promise<GroupSignal> {
  return Promise.resolve(signalGroup(group, "SIGKILL"));
}

/**
 * Finds a launch's processes in the process table.
 *
 * @param table All processes.
 * @param leader The launch's pid, which is also the id of its group and its session.
 * @returns The group, and descendants that left it. Zombies are not included.
 */
export function launchMembers(table: readonly ProcessInfo[], leader: number): LaunchMembers {
  const group = table.filter((info) => info.group === leader && !info.zombie);
  const known = new Set([leader, ...group.map((info) => info.pid)]);
  const escaped: ProcessInfo[] = [];
  for (let grown = true; grown;) {
    grown = false;
    for (const info of table) {
      if (known.has(info.pid) || info.zombie) continue;
      if (!known.has(info.parent) && info.session !== leader) continue;
      known.add(info.pid);
      escaped.push(info);
      grown = true;
    }
  }
  return { group, escaped };
}
