/**
 * Who a process is, and whether it still is who it was.
 *
 * @module
 */

import type { ProcessIdentity } from "../model/service_state.ts";
import { bootId, inspectProcesses, type ProcessInfo } from "../platform/mod.ts";

/**
 * The identity of a process that exists now.
 *
 * @param pid Its pid.
 * @returns Its identity, or null where no such process runs (a zombie does not).
 */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  const [boot, found] = await Promise.all([bootId(), inspectProcesses([pid])]);
  const info = found.get(pid);
  if (info === undefined || info.zombie) return null;
  return { pid, start_time: info.startTime, boot_id: boot };
}

/**
 * Whether a process in the table is the one that was recorded: same pid, same start, same boot. A
 * zombie has ended.
 *
 * @param identity What was recorded.
 * @param found What the table shows under that pid now.
 * @param boot Which boot of the machine this is.
 * @returns True only where there is no doubt.
 */
export function isSameProcess(
  identity: ProcessIdentity,
  found: ProcessInfo | undefined,
  boot: string,
): boolean {
  return found !== undefined && !found.zombie && found.pid === identity.pid &&
    found.startTime === identity.start_time && boot === identity.boot_id;
}

/**
 * Which of some recorded processes still run, with one look at the process table.
 *
 * @param identities What was recorded.
 * @returns The pids of those that are still the same processes.
 */
export async function stillRunning(
  identities: readonly ProcessIdentity[],
): Promise<ReadonlySet<number>> {
  if (identities.length === 0) return new Set();
  const [boot, found] = await Promise.all([
    bootId(),
    inspectProcesses(identities.map((identity) => identity.pid)),
  ]);
  return new Set(
    identities
      .filter((identity) => isSameProcess(identity, found.get(identity.pid), boot))
      .map((identity) => identity.pid),
  );
}
