import type { ProcessIdentity } from "../model/service_state.ts";
import { bootId, hasInEnvironment, launchMembers, listProcesses } from "../platform/mod.ts";

/**
 * Returns whether members of a launch's group are still running although the leader exited while no
 * supervisor was running.
 *
 * The group id may have been reused since, so a member counts only if its environment holds the
 * launch's id. Other processes are not part of the launch and are never signalled.
 *
 * @param leader The launch's process, as recorded.
 * @param entry An environment entry that only this launch has, as `NAME=value`.
 * @returns True only if a member of the group has the entry.
 */
export async function orphanedGroup(leader: ProcessIdentity, entry: string): Promise<boolean> {
  if (await bootId() !== leader.boot_id) return false;
  const table = await listProcesses();
  const holder = table.find(({ pid }) => pid === leader.pid);
  if (holder !== undefined && holder.startTime !== leader.start_time) return false;
  for (const { pid } of launchMembers(table, leader.pid).group) {
    if (await hasInEnvironment(pid, entry)) return true;
  }
  return false;
}
