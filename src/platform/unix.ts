/**
 * Linux and macOS.
 *
 * @module
 */

import { join } from "./path.ts";
import * as darwin from "./processes/darwin_processes.ts";
import * as linux from "./processes/linux_processes.ts";
import type { LaunchMembers, ProcessInfo } from "./types.ts";

export { openDetached, readPidFile } from "./unix_launcher.ts";

const processes = Deno.build.os === "linux" ? linux : darwin;

export const {
  bootId,
  hasInEnvironment,
  inspectProcesses,
  listProcesses,
  ownersOfPort,
  startedBefore,
} = processes;

/** Whether a launch can be held to limits of memory and open files. */
export const supportsLimits: boolean = true;

/** Whether a program can be told something by a signal that does not end it. */
export const supportsSignals: boolean = true;

/**
 * The folder of all state where neither `--home` nor `HALE_HOME` names one.
 *
 * @param env Environment variables.
 * @returns Its path, or null where the environment does not say whose home it is.
 */
export function defaultHome(env: Readonly<Record<string, string | undefined>>): string | null {
  return env.HOME ? join(env.HOME, ".hale") : null;
}

/**
 * The file names under which an executable of a name may stand.
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

/** Whether a file may be executed by somebody. */
export function isExecutableFile(info: Deno.FileInfo): boolean {
  return info.isFile && ((info.mode ?? 0) & 0o111) !== 0;
}

/** Lets everybody execute a file. */
export async function makeExecutable(path: string): Promise<void> {
  await Deno.chmod(path, 0o755);
}

/** Puts a folder's entries on disk, so that a rename within it survives a power cut. */
export async function syncFolder(path: string): Promise<void> {
  using folder = await Deno.open(path, { read: true });
  await folder.sync();
}

/** As {@linkcode syncFolder}, while everything else waits. */
export function syncFolderSync(path: string): void {
  using folder = Deno.openSync(path, { read: true });
  folder.syncSync();
}

/**
 * Sends a signal to every process of a group.
 *
 * @param group The group's id. The caller has proven whose it is.
 * @param signal Name of the signal.
 * @returns False where the group has no process any more.
 */
export function signalGroup(group: number, signal: string): boolean {
  if (!Number.isSafeInteger(group) || group <= 1) {
    throw new RangeError(`refusing to signal the group ${group}`);
  }
  try {
    Deno.kill(-group, signal as Deno.Signal);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    // Somebody is there whom we may not signal: a member of another user, or (macOS) only zombies.
    if (error instanceof Deno.errors.PermissionDenied) return true;
    throw error;
  }
}

/**
 * Kills every process of a group.
 *
 * @param group The group's id. The caller has proven whose it is.
 * @returns False where the group has no process any more.
 */
export function killGroup(group: number): Promise<boolean> {
  return Promise.resolve(signalGroup(group, "SIGKILL"));
}

/**
 * Picks a launch's processes out of the process table.
 *
 * @param table Every process.
 * @param leader The launch's pid: also the id of its group and its session.
 * @returns Its group, and descendants that left the group. Zombies are dead and left out.
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
