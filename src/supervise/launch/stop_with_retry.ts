import { delay } from "@std/async/delay";
import type { StopSpec } from "../../model/service_spec.ts";
import type { ProcessIdentity } from "../../model/service_state.ts";
import type { StopGroupOptions, StopOutcome, Survivor } from "../../spawn/stop_group.ts";
import type { Effects } from "../effects.ts";

/** How long leftovers of a launch that ended by itself get before they are killed, in milliseconds. */
export const LEFTOVERS_MS = 5_000;
const RETRY_MS = 1_000;

/** Settings of {@linkcode stopWithRetry}. */
export interface StopWithRetryOptions {
  readonly effects: Pick<Effects, "stopGroup" | "runStopCommand">;
  /** Where the stop command runs, and with what. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Settles when the leader, an own child, has ended; null where it is nobody's. */
  readonly exited: Promise<unknown> | null;
  /** Somebody else looks after the launch from then on. */
  readonly released: AbortSignal;
  /** Told when the group did not end in time and was killed. */
  readonly onKilled: () => void;
  /** Told who is left when not even a kill ends them. */
  readonly onStuck: (left: readonly Survivor[]) => void;
  /** Told what went wrong where it is tried again. */
  readonly onProblem: (error: unknown) => void;
}

/**
 * Ends the group of a launch, however often that takes.
 *
 * @param leader Whose group.
 * @param stop How to ask.
 * @param options Who is told, and when it is given up.
 * @returns Descendants that had left the group and still run. Never, once the launch was released.
 */
export async function stopWithRetry(
  leader: ProcessIdentity,
  stop: StopSpec,
  options: StopWithRetryOptions,
): Promise<readonly Survivor[]> {
  const { exited, onStuck } = options;
  const asked = stop.command === null ? {} : { requestStop: stopCommand(stop.command, options) };
  const told = exited === null ? {} : { exited };
  let outcome = await stopOnce(leader, stop, { ...asked, ...told }, options);
  const escaped = [...outcome.escaped];
  if (outcome.left.length > 0) onStuck(outcome.left);
  while (outcome.left.length > 0) {
    outcome = await stopOnce(leader, { ...stop, timeout_ms: LEFTOVERS_MS }, {}, options);
    escaped.push(...outcome.escaped);
  }
  return escaped;
}

async function stopOnce(
  leader: ProcessIdentity,
  { signal, timeout_ms: timeoutMs }: StopSpec,
  how: Pick<StopGroupOptions, "requestStop" | "exited">,
  { effects, released: abandon, onKilled, onProblem }: StopWithRetryOptions,
): Promise<StopOutcome> {
  for (;;) {
    try {
      const outcome = await effects.stopGroup(leader, { ...how, signal, timeoutMs, abandon });
      if (outcome.killed) onKilled();
      return outcome;
    } catch (error) {
      if (abandon.aborted) return await new Promise(() => {});
      // The process table could not be looked at: no reason to give up what must end.
      onProblem(error);
      await delay(RETRY_MS, { signal: abandon }).catch(() => {});
    }
  }
}

function stopCommand(
  command: readonly string[],
  { effects, cwd, env, released: signal }: StopWithRetryOptions,
): (timeoutMs: number) => Promise<boolean> {
  return (timeoutMs) => effects.runStopCommand(command, { cwd, env, timeoutMs, signal });
}
