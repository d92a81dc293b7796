import type { ProcessIdentity } from "../model/service_state.ts";
import { bootId, hasInEnvironment, launchMembers, listProcesses } from "../platform/mod.ts";

/**
 * Whether others of a launch's group still run although its leader ended while nobody looked.
 *
 * A group's number may have been given away since, so its members must carry the launch's mark in
 * their environment: without that proof they are strangers, and nobody signals them.
 *
 * @param leader The launch's process, as recorded.
 * @param mark What only this launch has in its environment, as `NAME=value`.
 * @returns True only where there is no doubt.
 */
export async function orphanedGroup(leader: ProcessIdentity, mark: string): Promise<boolean> {
  if (await bootId() !== leader.boot_id) return false;
  const table = await listProcesses();
  const holder = table.find(({ pid }) => pid === leader.pid);
  if (holder !== undefined && holder.startTime !== leader.start_time) return false;
  for (const { pid } of launchMembers(table, leader.pid).group) {
    if (await hasInEnvironment(pid, mark)) return true;
  }
  return false;
}
