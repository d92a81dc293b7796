/**
 * Identifies processes, so that a reused pid is not mistaken for the process that had it before.
 *
 * @module
 */

import type { ProcessIdentity } from "../model/service_state.ts";
import { bootId, inspectProcesses, type ProcessInfo, startedBefore } from "../platform/mod.ts";

/**
 * Returns the identity of a running process.
 *
 * @param pid Its pid.
 * @returns Its identity, or null if no such process is running. A zombie is not running.
 */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  const [boot, table] = await Promise.all([bootId(), inspectProcesses([pid])]);
  const info = table.get(pid);
  if (info === undefined || info.zombie) return null;
  return { pid, start_time: info.startTime, boot_id: boot };
}

/**
 * Returns whether a process table entry is the recorded process: same pid, start time and boot. A
 * zombie has exited.
 *
 * @param identity The recorded process.
 * @param info The current process table entry of its pid.
 * @param boot The current boot id.
 * @returns True only if pid, start time and boot id are all known and equal.
 */
export function isSameProcess(
  identity: ProcessIdentity,
  info: ProcessInfo | undefined,
  boot: string,
): boolean {
  return info !== undefined && !info.zombie && info.pid === identity.pid &&
    info.startTime === identity.start_time && boot === identity.boot_id;
}

/**
 * Returns whether a process started between two times.
 *
 * @param startTime Its start time.
 * @param times The earliest and the latest time, in the unit of start times.
 */
export function isStartedBetween(
  startTime: string,
  [from, to]: readonly [string, string],
): boolean {
  return !startedBefore(startTime, from) && !startedBefore(to, startTime);
}

/**
 * Returns which recorded processes are still running, with one read of the process table.
 *
 * @param identities The recorded processes.
 * @returns The pids of the processes that are still running.
 */
export async function stillRunning(
  identities: readonly ProcessIdentity[],
): Promise<ReadonlySet<number>> {
  const boot = identities.length === 0 ? "" : await bootId();
  // Boots first: the process table is not asked for pids that another machine or boot gave.
  const ofThisBoot = identities.filter((identity) => identity.boot_id === boot);
  if (ofThisBoot.length === 0) return new Set();
  const table = await inspectProcesses(ofThisBoot.map((identity) => identity.pid));
  return new Set(
    ofThisBoot
      .filter((identity) => isSameProcess(identity, table.get(identity.pid), boot))
      .map((identity) => identity.pid),
  );
}
