import { delay } from "@std/async/delay";
import type { StopSpec } from "../../model/service_spec.ts";
import type { ProcessIdentity } from "../../model/service_state.ts";
import type { StopGroupOptions, StopOutcome, Survivor } from "../../spawn/stop_group.ts";
import type { Effects } from "../effects.ts";

/** Grace period of group members that outlive the leader, in milliseconds. */
export const ORPHANS_GRACE_MS = 5_000;
const RETRY_MS = 1_000;

/** Settings of {@linkcode stopUntilEmpty}. */
export interface StopUntilEmptyOptions {
  readonly effects: Pick<Effects, "stopGroup" | "runStopCommand">;
  /** Working folder and environment of the stop command. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Resolves when the leader exits; null if the leader is not a child of this process. */
  readonly exited: Promise<unknown> | null;
  /** Aborts when another supervisor takes over the launch. */
  readonly released: AbortSignal;
  /** Called when the group was killed after the grace period. */
  readonly onKilled: () => void;
  /** Called with the members of the group that survived SIGKILL. */
  readonly onSurvivors: (left: readonly Survivor[]) => void;
  /** Called with errors after which the stop is retried. */
  readonly onProblem: (error: unknown) => void;
}

/**
 * Stops the process group of a launch, and retries until it is empty.
 *
 * @param leader The launch's process.
 * @param stop How to stop it.
 * @param options Effects and callbacks.
 * @returns Descendants that left the group and are still running. Never settles once `released` aborts.
 */
export async function stopUntilEmpty(
  leader: ProcessIdentity,
  stop: StopSpec,
  options: StopUntilEmptyOptions,
): Promise<readonly Survivor[]> {
  const { exited, onSurvivors } = options;
  const how = {
    ...stop.command === null ? {} : { requestStop: stopCommand(stop.command, options) },
    ...exited === null ? {} : { exited },
  };
  let outcome = await stopOnce(leader, stop, how, options);
  const escaped = [...outcome.escaped];
  if (outcome.left.length > 0) onSurvivors(outcome.left);
  while (outcome.left.length > 0) {
    outcome = await stopOnce(leader, { ...stop, timeout_ms: ORPHANS_GRACE_MS }, {}, options);
    escaped.push(...outcome.escaped);
  }
  return escaped;
}

async function stopOnce(
  leader: ProcessIdentity,
  { signal, timeout_ms: timeoutMs }: StopSpec,
  how: Pick<StopGroupOptions, "requestStop" | "exited">,
  { effects, released: abandon, onKilled, onProblem }: StopUntilEmptyOptions,
): Promise<StopOutcome> {
  for (;;) {
    try {
      const outcome = await effects.stopGroup(leader, { ...how, signal, timeoutMs, abandon });
      if (outcome.killed) onKilled();
      return outcome;
    } catch (error) {
      if (abandon.aborted) return await new Promise(() => {});
      // For example, the process table could not be read. The group must still be stopped: retry.
      onProblem(error);
      await delay(RETRY_MS, { signal: abandon }).catch(() => {});
    }
  }
}

function stopCommand(
  command: readonly string[],
  { effects, cwd, env, released: signal }: StopUntilEmptyOptions,
): (timeoutMs: number) => Promise<boolean> {
  return (timeoutMs) => effects.runStopCommand(command, { cwd, env, timeoutMs, signal });
}
