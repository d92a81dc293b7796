import { delay } from "@std/async/delay";
import type { StopSpec } from "../../model/service_spec.ts";
import type { Survivor } from "../../spawn/end_leftovers.ts";
import type { LaunchTrace } from "../../spawn/launch_trace.ts";
import type { StopLaunchOptions } from "../../spawn/stop_launch.ts";
import { formatDuration } from "../../text/format_duration.ts";
import type { Effects } from "../effects.ts";

/** Grace period of processes that outlive their launch or left its group, in milliseconds. */
export const LEFTOVERS_MS = 5_000;
const RETRY_MS = 1_000;

/** What had to be killed at the end of a launch, and what is still running. */
export interface Cleanup {
  /**
   * What the process group outlived before it was killed, such as `5s after SIGTERM`; null if it was
   * not killed.
   */
  readonly killed: string | null;
  /** Other processes of the launch that were killed. */
  readonly killedLeftovers: readonly Survivor[];
  /** Processes that could not be ended. */
  readonly survivors: readonly Survivor[];
}

/** The end of a launch that left nothing behind. */
export const CLEAN: Cleanup = { killed: null, killedLeftovers: [], survivors: [] };

/** Settings of {@linkcode endAll}. */
export interface EndAllOptions {
  readonly effects: Pick<Effects, "endLeftovers">;
  /** Aborts when another supervisor takes over the launch. */
  readonly released: AbortSignal;
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
  /** Called when the group was killed, with what it outlived: see {@linkcode Cleanup}. */
  readonly onKilled: (outlived: string) => void;
  /** Called with the members of the group that survived SIGKILL, and with what it outlived. */
  readonly onSurvivors: (left: readonly Survivor[], outlived: string) => void;
}

/**
 * Stops a launch, and retries until its process group is empty.
 *
 * @param trace The launch.
 * @param stop How to stop it.
 * @param options Effects and callbacks.
 * @returns What had to be killed and what is left. Never settles once `released` aborts.
 */
export async function stopUntilEmpty(
  trace: LaunchTrace,
  stop: StopSpec,
  options: StopUntilEmptyOptions,
): Promise<Cleanup> {
  const { effects, exited, onKilled, onSurvivors } = options;
  // The grace period of this stop: that of a launch that hale gives up on may be shorter.
  const outlived = `${formatDuration(stop.timeout_ms)} after ` +
    (stop.command === null ? stop.signal : "its stop command");
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
        leftoversMs: LEFTOVERS_MS,
        abandon,
      }));
    if (outcome.killed && cleanup.killed === null) onKilled(outlived);
    cleanup = {
      killed: cleanup.killed ?? (outcome.killed ? outlived : null),
      killedLeftovers: [...cleanup.killedLeftovers, ...outcome.killedOutside],
      survivors: outcome.escaped,
    };
    if (outcome.left.length === 0) return cleanup;
    onSurvivors(outcome.left, outlived);
    how = {};
  }
}

/**
 * Ends what a launch left behind when its process exited.
 *
 * @param trace The launch.
 * @param signal The stop signal of the service.
 * @param options Effects and callbacks.
 * @returns What had to be killed and what is left. Never settles once `released` aborts.
 */
export async function endAll(
  trace: LaunchTrace,
  signal: string,
  options: EndAllOptions,
): Promise<Cleanup> {
  const { killed, left } = await untilDone(
    options,
    (abandon) => options.effects.endLeftovers(trace, { signal, graceMs: LEFTOVERS_MS, abandon }),
  );
  return { killed: null, killedLeftovers: killed, survivors: left };
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
      await delay(RETRY_MS, { signal: released }).catch(() => {});
    }
  }
}

function stopCommand(
  command: readonly string[],
  { effects, cwd, env, released: signal }: StopUntilEmptyOptions,
): (timeoutMs: number) => Promise<boolean> {
  return (timeoutMs) => effects.runStopCommand(command, { cwd, env, timeoutMs, signal });
}
