/**
 * Every signal that hale sends. What is signalled is given with its proof and never as a number: a pid
 * that was read a moment ago may belong to another program now.
 *
 * @module
 */

import type { ProcessIdentity } from "../model/service_state.ts";
import { type GroupSignal, killGroup, sendSignal, signalGroup } from "../platform/mod.ts";
import type { LaunchMembers } from "./find_members.ts";
import { stillRunning } from "./identify.ts";

/** The process group of a launch, with the proof that it is: its members, which were found just now. */
export interface ProvenGroup {
  /** How the launch is found. */
  readonly trace: { readonly leader: ProcessIdentity | null };
  /** What it has found. */
  readonly members: LaunchMembers;
}

/** A child of this process. Until it is reaped, its pid is not given to another process. */
export interface OwnChild {
  readonly pid: number;
  /** Whether its exit was seen, so that another process may have its pid. */
  readonly isReaped: boolean;
}

/**
 * Sends a signal to the process group of a launch.
 *
 * @param group The group. Without members nothing is signalled: its id may be reused at any time.
 * @param signal Name of the signal.
 * @returns Whether a member was signalled.
 */
export function signalLaunch(group: ProvenGroup, signal: string): GroupSignal {
  const id = idOf(group);
  return id === null ? "none" : signalGroup(id, signal);
}

/**
 * Kills the process group of a launch.
 *
 * @param group The group. Without members nothing is killed.
 * @returns Whether a member was signalled.
 */
export async function killLaunch(group: ProvenGroup): Promise<GroupSignal> {
  const id = idOf(group);
  return id === null ? "none" : await killGroup(id);
}

function idOf({ trace, members }: ProvenGroup): number | null {
  return members.group.length === 0 ? null : trace.leader?.pid ?? null;
}

/**
 * Kills the process group of a process, which leads it.
 *
 * @param leader The process. Its identity is checked right before.
 * @returns Whether a member was signalled; `none` if the process is not running.
 */
export async function killGroupOf(leader: ProcessIdentity): Promise<GroupSignal> {
  const running = await stillRunning([leader]);
  return running.has(leader.pid) ? await killGroup(leader.pid) : "none";
}

/**
 * Kills the process group of a child, which leads it.
 *
 * @param child The child. Nothing is killed once it was reaped.
 */
export async function killChildGroup(child: OwnChild): Promise<void> {
  if (!child.isReaped) await killGroup(child.pid);
}

/** Which processes were signalled, by pid. */
export interface SignalledProcesses {
  readonly signalled: ReadonlySet<number>;
  /** Those that this user may not signal. */
  readonly denied: ReadonlySet<number>;
}

/**
 * Sends signals to processes. Their identities are checked right before.
 *
 * @param processes The processes.
 * @param signals Names of the signals, in their order.
 * @returns Those that were running.
 */
export async function signalProcesses(
  processes: readonly ProcessIdentity[],
  signals: readonly string[],
): Promise<SignalledProcesses> {
  const signalled = new Set<number>();
  const denied = new Set<number>();
  for (const pid of await stillRunning(processes)) {
    const isSent = signals.every((signal) => sendSignal(pid, signal));
    (isSent ? signalled : denied).add(pid);
  }
  return { signalled, denied };
}

/**
 * Sends a signal to a process, unless its pid has been reused.
 *
 * @param identity The process.
 * @param signal Name of the signal.
 * @returns False if the process is no longer running.
 * @throws {Deno.errors.PermissionDenied} If this user may not signal it.
 */
export async function signalProcess(identity: ProcessIdentity, signal: string): Promise<boolean> {
  const { signalled, denied } = await signalProcesses([identity], [signal]);
  if (denied.size > 0) {
    throw new Deno.errors.PermissionDenied(`process ${identity.pid} may not be sent ${signal}`);
  }
  return signalled.size > 0;
}
