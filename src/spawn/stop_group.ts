/**
 * Stops the process group of a launch.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import type { ProcessIdentity } from "../model/service_state.ts";
import {
  bootId,
  killGroup,
  type LaunchMembers,
  launchMembers,
  listProcesses,
  type ProcessInfo,
  signalGroup,
} from "../platform/mod.ts";

/** A process that is still running after its launch was stopped. */
export interface Survivor {
  readonly pid: number;
  readonly command: string;
}

/** Result of {@linkcode stopGroup}. */
export interface StopOutcome {
  /** Whether the grace period passed and the group was killed. */
  readonly killed: boolean;
  /** Members of the group that survived the kill. Empty: the group is proven to be gone. */
  readonly left: readonly Survivor[];
  /** Descendants that left the group and are still running. */
  readonly escaped: readonly Survivor[];
}

/** Settings of {@linkcode stopGroup}. */
export interface StopGroupOptions {
  /** Name of the stop signal. */
  readonly signal: string;
  /**
   * Requests the stop in another way, within the given milliseconds. If it returns false, the stop
   * signal is sent.
   */
  readonly requestStop?: (timeoutMs: number) => Promise<boolean>;
  /** Grace period until the group is killed, in milliseconds. */
  readonly timeoutMs: number;
  /** Resolves when the leader exits, if it is a child of this process. Saves polling. */
  readonly exited?: Promise<unknown>;
  /** Aborts the wait: no signal is sent afterwards, and the call rejects with the signal's reason. */
  readonly abandon?: AbortSignal;
}

/** How long to wait after SIGKILL. A process in uninterruptible sleep may need longer. */
const AFTER_KILL_MS = 5_000;
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 250;

/**
 * Stops a launch's process group: requests the stop, kills the group after the grace period, and
 * verifies that it is empty.
 *
 * Descendants that left the group are not signalled, because they detached on purpose. Those that are
 * still running are reported.
 *
 * @param leader The launch's process, as recorded.
 * @param options How to stop it.
 * @returns Whether the group was killed, and which processes are still running.
 */
export async function stopGroup(
  leader: ProcessIdentity,
  options: StopGroupOptions,
): Promise<StopOutcome> {
  const { exited, abandon } = options;
  const before = await membersOf(leader);
  if (before === null) return { killed: false, left: [], escaped: [] };
  abandon?.throwIfAborted();
  const requestedAt = performance.now();
  if (before.group.length > 0) await requestStop(leader, options);
  const timeoutMs = Math.max(0, options.timeoutMs - (performance.now() - requestedAt));
  if (await emptyWithin(leader, timeoutMs, { exited, abandon })) {
    return { killed: false, left: [], escaped: await survivorsOf(before.escaped) };
  }
  const atLimit = await membersOf(leader);
  abandon?.throwIfAborted();
  const escaped = new Map([...before.escaped, ...atLimit?.escaped ?? []].map((it) => [it.pid, it]));
  // Do not kill an empty group: its id may be reused at any time.
  const killed = (atLimit?.group.length ?? 0) > 0;
  if (killed) {
    await killGroup(leader.pid);
    await emptyWithin(leader, AFTER_KILL_MS, { abandon });
  }
  const left = (await membersOf(leader))?.group ?? [];
  return {
    killed,
    left: left.map(({ pid, command }) => ({ pid, command })),
    escaped: await survivorsOf([...escaped.values()]),
  };
}

async function requestStop(leader: ProcessIdentity, options: StopGroupOptions): Promise<void> {
  const { signal, timeoutMs, abandon } = options;
  if (options.requestStop !== undefined) {
    if (await options.requestStop(timeoutMs)) return;
    abandon?.throwIfAborted();
    // The group may have ended and its id may have been reused in the meantime.
    if (await groupIsEmpty(leader)) return;
  }
  signalGroup(leader.pid, signal);
}

/**
 * Returns whether a launch's process group has no running member.
 *
 * @param leader The launch's process, as recorded.
 * @returns True if the group is empty, holds only zombies, or its id has been reused.
 */
export async function groupIsEmpty(leader: ProcessIdentity): Promise<boolean> {
  return ((await membersOf(leader))?.group.length ?? 0) === 0;
}

async function emptyWithin(
  leader: ProcessIdentity,
  timeoutMs: number,
  { exited, abandon }: Pick<StopGroupOptions, "exited" | "abandon">,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  // The exit of a child needs no polling, and the group cannot be empty before it.
  if (exited !== undefined) await settledWithin(exited, { timeoutMs, abandon });
  for (let pauseMs = FIRST_PAUSE_MS;; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    if (await groupIsEmpty(leader)) return true;
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) return false;
    await delay(Math.min(pauseMs, leftMs), { signal: abandon });
  }
}

async function settledWithin(
  promise: Promise<unknown>,
  { timeoutMs, abandon }: { timeoutMs: number; abandon: AbortSignal | undefined },
): Promise<void> {
  const settled = new AbortController();
  const signals = [settled.signal, ...abandon === undefined ? [] : [abandon]];
  const timeout = delay(timeoutMs, { signal: AbortSignal.any(signals) }).catch(() => {});
  await Promise.race([promise, timeout]);
  settled.abort();
  abandon?.throwIfAborted();
}

/** Returns null if the recorded leader can no longer have a group. */
async function membersOf(leader: ProcessIdentity): Promise<LaunchMembers | null> {
  const [boot, table] = await Promise.all([bootId(), listProcesses()]);
  if (boot !== leader.boot_id) return null;
  const holder = table.find((info) => info.pid === leader.pid);
  // A pid is not reused while a group has it as its id, so another holder means the group is gone.
  if (holder !== undefined && holder.startTime !== leader.start_time) return null;
  return launchMembers(table, leader.pid);
}

async function survivorsOf(escaped: readonly ProcessInfo[]): Promise<Survivor[]> {
  if (escaped.length === 0) return [];
  const now = new Map((await listProcesses()).map((info) => [info.pid, info]));
  return escaped
    .filter(({ pid, startTime }) => {
      const info = now.get(pid);
      return info !== undefined && !info.zombie && info.startTime === startTime;
    })
    .map(({ pid, command }) => ({ pid, command }));
}
