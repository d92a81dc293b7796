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
  readonly escaped: readonly Survivor[];
}

/** Settings of {@linkcode stopGroup}. */
export interface StopGroupOptions {
  /** The signal that asks. */
  readonly signal: string;
  /**
   * Asks in another way, within the time it is given. Where it answers false, the signal asks after
   * all.
   */
  readonly ask?: (timeoutMs: number) => Promise<boolean>;
  /** Time until the group is killed, in milliseconds. */
  readonly timeoutMs: number;
  /** Settles as soon as the leader, an own child, is known to have ended: spares polling. */
  readonly exited?: Promise<unknown>;
  /** Ends the wait: nobody is signalled after that, and it rejects with the signal's reason. */
  readonly abandon?: AbortSignal;
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
  const { exited, abandon } = options;
  const before = await membersOf(leader);
  if (before === null) return { killed: false, left: [], escaped: [] };
  abandon?.throwIfAborted();
  const askedAt = performance.now();
  if (before.group.length > 0) await askToEnd(leader, options);
  const timeoutMs = Math.max(0, options.timeoutMs - (performance.now() - askedAt));
  if (await emptyWithin(leader, timeoutMs, { exited, abandon })) {
    return { killed: false, left: [], escaped: await stillThere(before.escaped) };
  }
  const atLimit = await membersOf(leader);
  abandon?.throwIfAborted();
  const escaped = new Map([...before.escaped, ...atLimit?.escaped ?? []].map((it) => [it.pid, it]));
  // It may have ended in this very moment, and its number be somebody else's soon.
  const killed = (atLimit?.group.length ?? 0) > 0;
  if (killed) {
    await killGroup(leader.pid);
    await emptyWithin(leader, AFTER_KILL_MS, { abandon });
  }
  const left = (await membersOf(leader))?.group ?? [];
  return {
    killed,
    left: left.map(({ pid, command }) => ({ pid, command })),
    escaped: await stillThere([...escaped.values()]),
  };
}

async function askToEnd(leader: ProcessIdentity, options: StopGroupOptions): Promise<void> {
  const { ask, signal, timeoutMs, abandon } = options;
  if (ask !== undefined) {
    if (await ask(timeoutMs)) return;
    abandon?.throwIfAborted();
    // Time has passed: whose number it is must be looked at again.
    if (await groupIsEmpty(leader)) return;
  }
  signalGroup(leader.pid, signal);
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
  { exited, abandon }: Pick<StopGroupOptions, "exited" | "abandon">,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  // The end of our own child is told, not polled; until then the group cannot be empty.
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
  const over = delay(timeoutMs, { signal: AbortSignal.any(signals) }).catch(() => {});
  await Promise.race([promise, over]);
  settled.abort();
  abandon?.throwIfAborted();
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

async function stillThere(escaped: readonly ProcessInfo[]): Promise<Survivor[]> {
  if (escaped.length === 0) return [];
  const now = new Map((await listProcesses()).map((info) => [info.pid, info]));
  return escaped
    .filter(({ pid, startTime }) => {
      const info = now.get(pid);
      return info !== undefined && !info.zombie && info.startTime === startTime;
    })
    .map(({ pid, command }) => ({ pid, command }));
}
