import { delay } from "@std/async/delay";
import type { ProcessIdentity } from "../model/service_state.ts";
import type { NamedProcess, Survivor } from "../model/survivor.ts";
import { bootId, maySignal, type ProcessInfo, supportsSignals } from "../platform/mod.ts";
import { stillRunning } from "./identify.ts";
import type { LaunchTrace } from "./launch_trace.ts";
import { signalProcesses } from "./signals.ts";

/** Result of {@linkcode endLeftovers}. */
export interface LeftoversOutcome {
  /** Processes that were killed after the grace period. */
  readonly killed: readonly NamedProcess[];
  /** Processes that are still running, and why. */
  readonly left: readonly Survivor[];
}

/** Settings of {@linkcode endLeftovers}. */
export interface EndLeftoversOptions {
  /** Name of the stop signal. */
  readonly signal: string;
  /** Grace period until they are killed, in milliseconds. */
  readonly graceMs: number;
  /** Whether to leave the members of the launch's group alone. @default false */
  readonly onlyOutside?: boolean;
  /** Aborts the wait: no signal is sent afterwards, and the call rejects with the signal's reason. */
  readonly abandon?: AbortSignal | undefined;
}

/** How long to wait after SIGKILL. A process in uninterruptible sleep may need longer. */
export const AFTER_KILL_MS = 5_000;
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 250;

/**
 * Ends what is left of a launch: sends the stop signal to each process, kills those that are running
 * after the grace period, and verifies that none is left. Processes that they start meanwhile are ended
 * too. Pid and start time of each process are checked right before each signal.
 *
 * @param trace The launch.
 * @param options How to end them.
 * @returns What had to be killed, and what is still running.
 */
export async function endLeftovers(
  trace: LaunchTrace,
  options: EndLeftoversOptions,
): Promise<LeftoversOutcome> {
  const { signal, graceMs, abandon } = options;
  /** Processes that may not be signalled: waiting for them is of no use. */
  const denied = new Set<number>();
  const find = async () => {
    const { group, outside } = await trace.find();
    abandon?.throwIfAborted();
    return options.onlyOutside ? outside : [...group, ...outside];
  };
  const killed = new Map<number, NamedProcess>();
  for (const [step, budgetMs] of [[signal, graceMs], ["SIGKILL", AFTER_KILL_MS]] as const) {
    const deadline = performance.now() + budgetMs;
    const signalled = new Set<number>();
    for (;;) {
      const members = await find();
      if (members.length === 0) return { killed: [...killed.values()], left: [] };
      const fresh = members.filter(({ pid }) => !signalled.has(pid) && !denied.has(pid));
      for (const info of await signalAll(fresh, step, denied)) {
        signalled.add(info.pid);
        if (step === "SIGKILL") killed.set(info.pid, named(info));
      }
      const awaited = members.filter(({ pid }) => !denied.has(pid));
      if (awaited.length === 0 || !await exitedWithin(awaited, deadline, abandon)) break;
    }
  }
  const left = await survivorsOf(await find());
  const isLeft = new Set(left.map(({ pid }) => pid));
  return { killed: [...killed.values()].filter(({ pid }) => !isLeft.has(pid)), left };
}

/** Signals processes whose identity is proven now. Returns those that were signalled. */
async function signalAll(
  members: readonly ProcessInfo[],
  signal: string,
  denied: Set<number>,
): Promise<readonly ProcessInfo[]> {
  if (members.length === 0) return [];
  // A stopped process handles the signal only when it continues.
  const signals = signal === "SIGKILL" || !supportsSignals ? [signal] : [signal, "SIGCONT"];
  const outcome = await signalProcesses(await identitiesOf(members), signals);
  for (const pid of outcome.denied) denied.add(pid);
  return members.filter(({ pid }) => outcome.signalled.has(pid));
}

/**
 * Waits until processes have exited.
 *
 * @param members The processes.
 * @param deadline Monotonic milliseconds.
 * @param abandon Aborts the wait: the call rejects with the signal's reason.
 * @returns Whether all have exited by then.
 */
export async function exitedWithin(
  members: readonly ProcessInfo[],
  deadline: number,
  abandon?: AbortSignal,
): Promise<boolean> {
  const identities = await identitiesOf(members);
  for (let pauseMs = FIRST_PAUSE_MS;; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    if ((await stillRunning(identities)).size === 0) return true;
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) return false;
    await delay(Math.min(pauseMs, leftMs), abandon === undefined ? {} : { signal: abandon });
  }
}

async function identitiesOf(members: readonly ProcessInfo[]): Promise<readonly ProcessIdentity[]> {
  const boot = await bootId();
  return members.map(({ pid, startTime }) => ({ pid, start_time: startTime, boot_id: boot }));
}

/**
 * Returns why processes could not be ended.
 *
 * @param members Processes that were to be killed.
 * @returns Those that are still running.
 */
export async function survivorsOf(members: readonly ProcessInfo[]): Promise<readonly Survivor[]> {
  const running = await stillRunning(await identitiesOf(members));
  const left = members.filter(({ pid }) => running.has(pid));
  return await Promise.all(left.map(async (info) => ({
    ...named(info),
    why: await maySignal(info.pid) ? "survived_kill" as const : "not_permitted" as const,
  })));
}

function named({ pid, command }: ProcessInfo): NamedProcess {
  return { pid, command };
}
