import { HaleError } from "../../errors.ts";
import { formatDuration } from "../../text/format_duration.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { Exit, LaunchRecord } from "../../model/service_state.ts";
import type { Interpreter } from "../../platform/processes/interpreter_of.ts";
import { exitError } from "./exit_error.ts";
import { nextRestart, type RestartHistory } from "./restart_policy.ts";

/** What follows from the end of a launch that nobody asked to end. */
export type ExitDecision =
  | {
    readonly kind: "retry";
    readonly delayMs: number;
    readonly history: RestartHistory;
    readonly reason: HaleError;
  }
  | { readonly kind: "final"; readonly reason: HaleError }
  | { readonly kind: "done" };

/** What is known of a launch that ended. */
export interface FinishedLaunch {
  readonly record: LaunchRecord;
  readonly ranMs: number;
  /** Whether it was up before it ended. */
  readonly wasReady: boolean;
  /** Why hale ended it, where it did. */
  readonly cause: HaleError | null;
  readonly exit: Exit;
  /** The last lines it wrote to standard error. */
  readonly stderr: readonly string[];
  /** What the program is run by; null where nothing is, or it ran. */
  readonly interpreter: Interpreter | null;
}

/** Failures that the next try meets again. */
const HOPELESS: ReadonlySet<string> = new Set(["binary_not_found", "port_occupied"]);

/**
 * Judges the end of a launch: try again, leave it, or give up.
 *
 * @param spec The service.
 * @param history Its restarts so far.
 * @param ended The launch.
 * @param options `now`: monotonic milliseconds; `random`: a number in [0, 1).
 * @returns The verdict.
 */
export function decideRestart(
  spec: ServiceSpec,
  history: RestartHistory,
  ended: FinishedLaunch,
  options: { readonly now: number; readonly random: number },
): ExitDecision {
  const { exit, ranMs, stderr, record, cause } = ended;
  const reason = cause === null
    ? exitError(
      spec,
      { binary: record.binary, ranMs, stderr, interpreter: ended.interpreter },
      exit,
    )
    : new HaleError(cause.code, cause.message, { fields: { ...cause.fields, stderr } });
  if (HOPELESS.has(reason.code)) return { kind: "final", reason };
  // A first start that never got healthy is told at once: the person who asked is waiting.
  if (cause !== null && !ended.wasReady && history.total === 0) return { kind: "final", reason };

  const decision = nextRestart(
    history,
    { exit, ranMs, unhealthy: cause !== null },
    spec.restart,
    options,
  );
  switch (decision.kind) {
    case "restart":
      return { kind: "retry", delayMs: decision.delayMs, history: decision.history, reason };
    case "done":
      return { kind: "done" };
    case "failed":
      return { kind: "final", reason };
    case "exhausted":
      return {
        kind: "final",
        reason: new HaleError(
          "restarts_exhausted",
          `${spec.name} ended ${howOften(decision.count + 1, spec)}and is not started again. ` +
            `The last time: ${reason.message}`,
          { fields: reason.fields },
        ),
      };
  }
}

function howOften(ends: number, { restart }: ServiceSpec): string {
  return ends === 1 ? "" : `${ends} times within ${formatDuration(restart.window_ms)} `;
}
