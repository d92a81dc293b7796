/**
 * Ending a launch: everything it started, or a list of who is left.
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

/** A process that outlived its launch. */
export interface Survivor {
  readonly pid: number;
  readonly command: string;
}

/** How {@linkcode stopGroup} ended. */
export interface StopOutcome {
  /** Whether the time limit passed and the group was killed. */
  readonly killed: boolean;
  /** Who of the group is left, even after the kill. Empty: the group is proven gone. */
  readonly left: readonly Survivor[];
  /** Descendants that had left the group and still run. */
  readonly strays: readonly Survivor[];
}

/** Settings of {@linkcode stopGroup}. */
export interface StopGroupOptions {
  /** The signal that asks. */
  readonly signal: string;
  /** Time until the group is killed, in milliseconds. */
  readonly timeoutMs: number;
  /** Settles as soon as the leader, an own child, is known to have ended: spares polling. */
  readonly exited?: Promise<unknown>;
}

/** After a kill the system needs a moment; a process in uninterruptible sleep needs more. */
const AFTER_KILL_MS = 5_000;
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 250;

/**
 * Asks a launch's whole group to end, kills it at the time limit, and proves that it is empty.
 *
 * Descendants that left the group are not signalled (they asked to live on) but are named if they
 * are still there.
 *
 * @param leader The launch's process, as recorded.
 * @param options How.
 * @returns Whether it was killed, and who is left.
 */
export async function stopGroup(
  leader: ProcessIdentity,
  options: StopGroupOptions,
): Promise<StopOutcome> {
  const before = await membersOf(leader);
  if (before === null) return { killed: false, left: [], strays: [] };
  if (before.group.length > 0) signalGroup(leader.pid, options.signal);
  if (await emptyWithin(leader, options.timeoutMs, options.exited)) {
    return { killed: false, left: [], strays: await stillThere(before.strays) };
  }
  const strays = new Map((await membersOf(leader))?.strays.map((info) => [info.pid, info]));
  for (const info of before.strays) strays.set(info.pid, info);
  await killGroup(leader.pid);
  await emptyWithin(leader, AFTER_KILL_MS);
  const left = (await membersOf(leader))?.group ?? [];
  return {
    killed: true,
    left: left.map(({ pid, command }) => ({ pid, command })),
    strays: await stillThere([...strays.values()]),
  };
}

/**
 * Whether nobody of a launch's group runs any more.
 *
 * @param leader The launch's process, as recorded.
 * @returns True where the group is empty, holds only zombies, or its id belongs to others by now.
 */
export async function groupIsEmpty(leader: ProcessIdentity): Promise<boolean> {
  return ((await membersOf(leader))?.group.length ?? 0) === 0;
}

async function emptyWithin(
  leader: ProcessIdentity,
  timeoutMs: number,
  exited?: Promise<unknown>,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  // The end of our own child is told, not polled; until then the group cannot be empty.
  if (exited !== undefined) await settledWithin(exited, timeoutMs);
  for (let pauseMs = FIRST_PAUSE_MS;; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    if (await groupIsEmpty(leader)) return true;
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) return false;
    await delay(Math.min(pauseMs, leftMs));
  }
}

async function settledWithin(promise: Promise<unknown>, ms: number): Promise<void> {
  const timer = new AbortController();
  const over = delay(ms, { signal: timer.signal }).catch(() => {});
  await Promise.race([promise, over]);
  timer.abort();
}

/** Null where the recorded leader cannot have a group any more. */
async function membersOf(leader: ProcessIdentity): Promise<LaunchMembers | null> {
  const [boot, table] = await Promise.all([bootId(), listProcesses()]);
  if (boot !== leader.boot_id) return null;
  const holder = table.find((info) => info.pid === leader.pid);
  // A pid is not given away while it names a group, so another holder means the group is long gone.
  if (holder !== undefined && holder.startTime !== leader.start_time) return null;
  return launchMembers(table, leader.pid);
}

async function stillThere(strays: readonly ProcessInfo[]): Promise<Survivor[]> {
  if (strays.length === 0) return [];
  const now = new Map((await listProcesses()).map((info) => [info.pid, info]));
  return strays
    .filter(({ pid, startTime }) => {
      const info = now.get(pid);
      return info !== undefined && !info.zombie && info.startTime === startTime;
    })
    .map(({ pid, command }) => ({ pid, command }));
}
