/**
 * Stops a launch: its process group, then its descendants that left the group.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import type { NamedProcess, Survivor } from "../model/survivor.ts";
import { type GroupSignal, supportsSignals } from "../platform/mod.ts";
import { AFTER_KILL_MS, endLeftovers, exitedWithin, survivorsOf } from "./end_leftovers.ts";
import type { LaunchMembers } from "./find_members.ts";
import type { LaunchTrace } from "./launch_trace.ts";
import { killLaunch, signalLaunch } from "./signals.ts";

/** Result of {@linkcode stopLaunch}. */
export interface StopOutcome {
  /** Whether the grace period passed and the group was killed. */
  readonly killed: boolean;
  /** Descendants outside the group that were killed after a grace period of their own. */
  readonly killedOutside: readonly NamedProcess[];
  /** Processes of the launch that could not be ended. Empty: nothing of it is left. */
  readonly left: readonly Survivor[];
}

/** Settings of {@linkcode stopLaunch}. */
export interface StopLaunchOptions {
  /** Name of the stop signal. */
  readonly signal: string;
  /**
   * Requests the stop in another way, within the given milliseconds. If it returns false, the stop
   * signal is sent.
   */
  readonly requestStop?: (timeoutMs: number) => Promise<boolean>;
  /** Grace period until the group is killed, in milliseconds. */
  readonly timeoutMs: number;
  /** Grace period of descendants that left the group, once the group is gone, in milliseconds. */
  readonly leftoversMs: number;
  /** Called right before the group is killed. */
  readonly beforeKill?: () => void;
  /** Resolves when the leader exits, if it is a child of this process. Saves polling. */
  readonly exited?: Promise<unknown>;
  /** Aborts the wait: no signal is sent afterwards, and the call rejects with the signal's reason. */
  readonly abandon?: AbortSignal;
}

/**
 * Stops a launch: requests the stop of its group, kills the group after the grace period, ends the
 * descendants that left it, and verifies that none is left. Only proven processes are signalled: see
 * `find_members.ts`.
 *
 * @param trace The launch.
 * @param options How to stop it.
 * @returns What had to be killed, and what is still running.
 */
export async function stopLaunch(
  trace: LaunchTrace,
  options: StopLaunchOptions,
): Promise<StopOutcome> {
  const { signal, leftoversMs: graceMs, exited, abandon } = options;
  const requestedAt = performance.now();
  let members = await look(trace, abandon);
  const isDenied = members.group.length > 0 &&
    await requestStop(trace, members, options) === "denied";
  if (!isDenied) {
    const deadline = requestedAt + options.timeoutMs;
    members = await waitForGroup(trace, deadline, { exited, abandon });
  }
  // A group that may not be signalled knows nothing of the stop: waiting for it is of no use. And do not
  // kill an empty group: its id may be reused at any time.
  const mustKill = !isDenied && members.group.length > 0;
  if (mustKill) options.beforeKill?.();
  const killed = mustKill && await killLaunch({ trace, members }) !== "denied";
  if (killed) {
    const killedBy = performance.now() + AFTER_KILL_MS;
    members = await waitForGroup(trace, killedBy, { abandon });
  }
  const { group, outside } = members;
  const ended = outside.length === 0
    ? { killed: [], left: [] }
    : await endLeftovers(trace, { signal, graceMs, onlyOutside: true, abandon });
  const left = [...await survivorsOf(group), ...ended.left];
  return { killed, killedOutside: ended.killed, left };
}

async function requestStop(
  trace: LaunchTrace,
  found: LaunchMembers,
  options: StopLaunchOptions,
): Promise<GroupSignal> {
  const { signal, timeoutMs, abandon } = options;
  let members = found;
  if (options.requestStop !== undefined) {
    // A stopped process cannot do what the command asks for.
    if (supportsSignals) signalLaunch({ trace, members }, "SIGCONT");
    if (await options.requestStop(timeoutMs)) return "sent";
    abandon?.throwIfAborted();
    // The group may have ended and its id may have been reused in the meantime.
    members = await look(trace, abandon);
  }
  const result = signalLaunch({ trace, members }, signal);
  // A stopped process handles the signal only when it continues.
  if (supportsSignals) signalLaunch({ trace, members }, "SIGCONT");
  return result;
}

async function look(
  trace: LaunchTrace,
  abandon: AbortSignal | undefined,
): Promise<LaunchMembers> {
  const members = await trace.find();
  abandon?.throwIfAborted();
  return members;
}

/** Waits until the group is empty or the deadline has passed. Returns the processes that are left. */
async function waitForGroup(
  trace: LaunchTrace,
  deadline: number,
  { exited, abandon }: {
    readonly exited?: Promise<unknown> | undefined;
    readonly abandon?: AbortSignal | undefined;
  },
): Promise<LaunchMembers> {
  // The exit of a child needs no polling, and the group cannot be empty before it.
  if (exited !== undefined) await settledBy(exited, deadline, abandon);
  for (;;) {
    const members = await look(trace, abandon);
    const isOver = members.group.length === 0 || performance.now() >= deadline;
    if (isOver) return members;
    await exitedWithin(members.group, deadline, abandon);
  }
}

async function settledBy(
  promise: Promise<unknown>,
  deadline: number,
  abandon: AbortSignal | undefined,
): Promise<void> {
  const settled = new AbortController();
  const signals = [settled.signal, ...abandon === undefined ? [] : [abandon]];
  const timeoutMs = Math.max(0, deadline - performance.now());
  const timeout = delay(timeoutMs, { signal: AbortSignal.any(signals) }).catch(() => {});
  await Promise.race([promise, timeout]);
  settled.abort();
  abandon?.throwIfAborted();
}
