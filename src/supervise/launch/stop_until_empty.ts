import { delay } from "@std/async/delay";
import type { StopSpec } from "../../model/service_spec.ts";
import type { NamedProcess, Survivor } from "../../model/survivor.ts";
import type { LaunchTrace } from "../../spawn/launch_trace.ts";
import type { StopLaunchOptions } from "../../spawn/stop_launch.ts";
import { nameStopRequest } from "../../platform/mod.ts";
import { formatDuration } from "../../text/format_duration.ts";
import type { Effects } from "../effects.ts";

/** Grace period of processes that outlive their launch or left its group, in milliseconds. */
export const LEFTOVERS_MS = 5_000;
const RETRY_MS = 1_000;

/** What had to be killed at the end of a launch. Nothing of it is left. */
export interface Cleanup {
  /**
   * What the process group outlived before it was killed, such as `5s after SIGTERM`; null if it was
   * not killed.
   */
  readonly killed: string | null;
  /** Other processes of the launch that were killed. */
  readonly killedLeftovers: readonly NamedProcess[];
}

/** The end of a launch that left nothing behind. */
export const CLEAN: Cleanup = { killed: null, killedLeftovers: [] };

/** Settings of {@linkcode endAll}. */
export interface EndAllOptions {
  readonly effects: Pick<Effects, "endLeftovers">;
  /** Aborts when another supervisor takes over the launch. */
  readonly released: AbortSignal;
  /** Called with what could not be ended, before the stop is retried. */
  readonly onSurvivors: (survivors: readonly Survivor[]) => void;
  /** Called with errors after which the stop is retried. */
  readonly onProblem: (error: unknown) => void;
}

/** Settings of {@linkcode stopUntilEmpty}. */
export interface StopUntilEmptyOptions extends EndAllOptions {
  readonly effects: Pick<Effects, "endLeftovers" | "stopLaunch" | "runStopCommand">;
  /** Working folder and environment of the stop command. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Resolves when the leader exits; null if the leader is not a child of this process. */
  readonly exited: Promise<unknown> | null;
  /** Called before the group is killed, with what it outlived: see {@linkcode Cleanup}. */
  readonly onKilled: (outlived: string) => void;
}

/**
 * Stops a launch, and retries until nothing of it is left: a successor must not run beside a process that
 * could not be ended.
 *
 * @param trace The launch.
 * @param stop How to stop it.
 * @param options Effects and callbacks.
 * @returns What had to be killed. Never settles once `released` aborts.
 */
export async function stopUntilEmpty(
  trace: LaunchTrace,
  stop: StopSpec,
  options: StopUntilEmptyOptions,
): Promise<Cleanup> {
  const { effects, exited, onKilled, onSurvivors } = options;
  // The grace period of this stop: that of a launch that hale gives up on may be shorter.
  const outlived = `${formatDuration(stop.timeout_ms)} after ` +
    (stop.command === null ? nameStopRequest(stop.signal) : "its stop command");
  // Once, also if the kill is tried again.
  let isKilled = false;
  const beforeKill = () => {
    if (!isKilled) onKilled(outlived);
    isKilled = true;
  };
  let cleanup = CLEAN;
  let how: Pick<StopLaunchOptions, "requestStop" | "exited"> = {
    ...stop.command === null ? {} : { requestStop: stopCommand(stop.command, options) },
    ...exited === null ? {} : { exited },
  };
  for (let timeoutMs = stop.timeout_ms;; timeoutMs = LEFTOVERS_MS) {
    const outcome = await untilDone(options, (abandon) =>
      effects.stopLaunch(trace, {
        ...how,
        signal: stop.signal,
        timeoutMs,
        beforeKill,
        leftoversMs: LEFTOVERS_MS,
        abandon,
      }));
    cleanup = {
      killed: cleanup.killed ?? (outcome.killed ? outlived : null),
      killedLeftovers: [...cleanup.killedLeftovers, ...outcome.killedOutside],
    };
    if (outcome.left.length === 0) return cleanup;
    onSurvivors(outcome.left);
    how = {};
    await pause(options);
  }
}

/**
 * Ends what a launch left behind when its process exited, and retries until nothing is left.
 *
 * @param trace The launch.
 * @param signal The stop signal of the service.
 * @param options Effects and callbacks.
 * @returns What had to be killed. Never settles once `released` aborts.
 */
export async function endAll(
  trace: LaunchTrace,
  signal: string,
  options: EndAllOptions,
): Promise<Cleanup> {
  const { effects, onSurvivors } = options;
  const killedLeftovers: NamedProcess[] = [];
  for (;;) {
    const { killed, left } = await untilDone(
      options,
      (abandon) => effects.endLeftovers(trace, { signal, graceMs: LEFTOVERS_MS, abandon }),
    );
    killedLeftovers.push(...killed);
    if (left.length === 0) return { killed: null, killedLeftovers };
    onSurvivors(left);
    await pause(options);
  }
}

/**
 * Repeats an action on the processes of a launch until it succeeds. It fails, for example, if the process
 * table could not be read.
 *
 * @param options `released` ends the repetition: the promise then never settles.
 * @param action The action.
 * @returns Its result.
 */
export async function untilDone<T>(
  { released, onProblem }: Pick<EndAllOptions, "released" | "onProblem">,
  action: (abandon: AbortSignal) => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await action(released);
    } catch (error) {
      if (released.aborted) return await new Promise(() => {});
      onProblem(error);
      await pause({ released });
    }
  }
}

async function pause({ released }: Pick<EndAllOptions, "released">): Promise<void> {
  await delay(RETRY_MS, { signal: released }).catch(() => {});
}

function stopCommand(
  command: readonly string[],
  { effects, cwd, env, released: signal }: StopUntilEmptyOptions,
): (timeoutMs: number) => Promise<boolean> {
  return (timeoutMs) => effects.runStopCommand(command, { cwd, env, timeoutMs, signal });
}
