import type { ProcessIdentity } from "../model/service_state.ts";
import {
  launchMembers,
  type ProcessInfo,
  type ProcessSurvey,
  startedBefore,
} from "../platform/mod.ts";
import { isSameProcess } from "./identify.ts";

/** How the processes of a launch are recognized. */
export interface LaunchProof {
  /** Id of the launch: the value of `HALE_LAUNCH` and the name of the pid file. */
  readonly id: string;
  /** Its process; null if it is not known. */
  readonly leader: ProcessIdentity | null;
  /** Descendants that were seen earlier. */
  readonly seen: Iterable<ProcessIdentity>;
}

/** The running processes of a launch. Each of them is proven. */
export interface LaunchMembers {
  /** Members of the launch's process group. */
  readonly group: readonly ProcessInfo[];
  /** Descendants that left the group. */
  readonly outside: readonly ProcessInfo[];
}

/**
 * Finds the processes of a launch.
 *
 * Proven are: the leader and descendants that were seen earlier (same pid, start time and boot), processes
 * that carry a mark of the launch, all children of a proven process, and all members of a session whose
 * leader is proven. The session of the launch's leader is proven also by any member that is: a session id
 * is not reused while the session has members. Never included are a process that is older than the
 * launch, a process that carries only marks of other launches, and this process: a service may start
 * another supervisor.
 *
 * @param survey The processes.
 * @param boot The current boot id.
 * @param proof How they are recognized.
 * @returns The processes, without zombies.
 */
export function findMembers(
  { table, launchesOf }: ProcessSurvey,
  boot: string,
  { id, leader, seen }: LaunchProof,
): LaunchMembers {
  const byPid = new Map(table.map((info) => [info.pid, info]));
  const isOthers = ({ pid, startTime }: ProcessInfo) => {
    const launches = launchesOf.get(pid);
    // Whatever else speaks for it: a process that is older than the launch is no descendant.
    const isOlder = leader !== null && boot === leader.boot_id &&
      startedBefore(startTime, leader.start_time);
    return pid <= 1 || pid === Deno.pid || isOlder ||
      (launches !== undefined && !launches.has(id));
  };
  const proven = new Map<number, ProcessInfo>();
  const sessions = new Set<number>();
  const holder = leader === null ? undefined : byPid.get(leader.pid);
  // A zombie still holds its pid, so its group and session are its own.
  const holdsPid = leader !== null && holder !== undefined && boot === leader.boot_id &&
    holder.startTime === leader.start_time;
  const isReused = holder !== undefined && !holdsPid;
  const add = (info: ProcessInfo) => {
    if (proven.has(info.pid) || isOthers(info)) return false;
    proven.set(info.pid, info);
    if (info.session === info.pid) sessions.add(info.pid);
    if (info.session === leader?.pid && !isReused) sessions.add(info.session);
    return true;
  };
  if (holdsPid) add(holder!);
  for (const identity of seen) {
    const info = byPid.get(identity.pid);
    if (info !== undefined && isSameProcess(identity, info, boot)) add(info);
  }
  for (const info of table) if (launchesOf.get(info.pid)?.has(id)) add(info);
  for (let grown = true; grown;) {
    grown = false;
    for (const info of table) {
      const parent = proven.get(info.parent);
      const isChild = parent !== undefined && !startedBefore(info.startTime, parent.startTime);
      if ((isChild || sessions.has(info.session)) && add(info)) grown = true;
    }
  }
  const members = table.filter(({ pid, zombie }) => proven.has(pid) && !zombie);
  const inGroup = new Set(
    leader === null || isReused
      ? []
      : launchMembers(members, leader.pid).group.map(({ pid }) => pid),
  );
  return {
    group: members.filter(({ pid }) => inGroup.has(pid)),
    outside: members.filter(({ pid }) => !inGroup.has(pid)),
  };
}
