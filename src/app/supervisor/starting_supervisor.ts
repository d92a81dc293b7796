/**
 * Supervisors that have been started and do not respond yet.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import { ifThere } from "../../files/if_there.ts";
import { storeIo } from "../../files/io_error.ts";
import { isThere } from "../../files/is_there.ts";
import { inspectProcesses } from "../../platform/mod.ts";
import { tryLockFile } from "../../platform/file_lock.ts";
import type { AppContext } from "../context.ts";

/** The last start of a supervisor by a command that did not wait for it. */
export interface LastStart {
  /** Pid of the supervisor; null if there was no such start, or it was not recorded. */
  readonly pid: number | null;
  /** Milliseconds since the start. */
  readonly sinceMs: number;
  /** Whether no supervisor has listened since. */
  readonly isUnanswered: boolean;
}

/**
 * Records the start of a supervisor. The time of the record is that of the start.
 *
 * @param context Home and environment.
 * @param pid Its pid; null before it is started.
 * @throws {HaleError} `store_io` If it cannot be written.
 */
export function recordStart({ paths }: AppContext, pid: number | null): void {
  const path = paths.supervisorStart;
  try {
    Deno.writeTextFileSync(regularFile(path), pid === null ? "" : `${pid}\n`, { mode: 0o600 });
    Deno.utimeSync(path, new Date(), new Date());
  } catch (error) {
    throw storeIo("start a supervisor", path, error);
  }
}

/**
 * Reads the record of the last start.
 *
 * @param context Home and environment.
 */
export function lastStart({ paths }: AppContext): LastStart {
  const startedMs = modifiedMs(paths.supervisorStart);
  const text = ifThere(() => Deno.readTextFileSync(regularFile(paths.supervisorStart))) ?? "";
  return {
    pid: /^[1-9][0-9]{0,9}\n$/.test(text) ? Number(text) : null,
    sinceMs: Date.now() - (startedMs ?? 0),
    isUnanswered: startedMs !== null && (modifiedMs(paths.supervisorEndpoint) ?? 0) < startedMs,
  };
}

/**
 * Returns whether a supervisor holds the home, whether it responds or not.
 *
 * @param context Home and environment.
 */
export async function isHomeTaken({ paths }: AppContext): Promise<boolean> {
  if (!isThere(paths.supervisorLock)) return false;
  using lock = await tryLockFile(paths.supervisorLock);
  return lock === null;
}

/**
 * Returns whether a supervisor that another command has started is about to take the home.
 *
 * @param context Home and environment.
 * @param withinMs Longest time between its start and that moment.
 */
export async function isAboutToStart(context: AppContext, withinMs: number): Promise<boolean> {
  const { pid, sinceMs, isUnanswered } = lastStart(context);
  if (pid === null || !isUnanswered || sinceMs < 0 || sinceMs > withinMs) return false;
  const info = (await inspectProcesses([pid])).get(pid);
  return info !== undefined && !info.zombie;
}

function modifiedMs(path: string): number | null {
  return ifThere(() => Deno.statSync(path))?.mtime?.getTime() ?? null;
}
