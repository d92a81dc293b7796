import { HaleError } from "../../errors.ts";
import { formatDuration } from "../../text/format_duration.ts";
import { withoutName } from "../../text/service_message.ts";
import { FOREVER_MS, type ServiceSpec } from "../../model/service_spec.ts";
import type { Exit, LaunchRecord } from "../../model/service_state.ts";
import type { Interpreter } from "../../platform/processes/interpreter_of.ts";
import type { FailedLauncher } from "./failed_launcher.ts";
import { exitError } from "./exit_error.ts";
import { nextRestart, type RestartHistory } from "./restart_policy.ts";

/** Decision after an exit: restart after a delay, stay crashed, or stay stopped. */
export type ExitDecision =
  | {
    readonly kind: "retry";
    readonly delayMs: number;
    readonly history: RestartHistory;
    readonly reason: HaleError;
  }
  | { readonly kind: "final"; readonly reason: HaleError }
  | { readonly kind: "done" };

/** A launch that exited. */
export interface FinishedLaunch {
  readonly record: LaunchRecord;
  readonly ranMs: number;
  /** How long it was ready, in milliseconds; null if it never was. */
  readonly readyMs: number | null;
  /** Why hale stopped it; null if it exited by itself. */
  readonly cause: HaleError | null;
  readonly exit: Exit;
  /** The last lines of its standard error. */
  readonly stderr: readonly string[];
  /** Null if the program ran: the exit is its own. */
  readonly failedLauncher: FailedLauncher | null;
  /** Its interpreter or loader; null if it has none, or if the program ran. */
  readonly interpreter: Interpreter | null;
}

/** Failures that a restart cannot fix. */
const PERMANENT: ReadonlySet<string> = new Set(["binary_not_found", "port_occupied"]);

/**
 * Decides whether a service is restarted after an exit that was not requested.
 *
 * @param spec The service.
 * @param history Its restart history.
 * @param ended The launch that exited.
 * @param options `now`: monotonic milliseconds; `random`: a number in [0, 1).
 * @returns The decision.
 */
export function decideRestart(
  spec: ServiceSpec,
  history: RestartHistory,
  ended: FinishedLaunch,
  options: { readonly now: number; readonly random: number },
): ExitDecision {
  const { exit, readyMs, stderr, record, cause, failedLauncher, interpreter } = ended;
  const reason = cause === null
    ? exitError(
      spec,
      { binary: record.binary, failedLauncher, stderr, interpreter },
      exit,
    )
    : new HaleError(cause.code, cause.message, { fields: { ...cause.fields, stderr } });
  if (PERMANENT.has(reason.code)) return { kind: "final", reason };
  // A first start that did not become healthy is reported at once: a person is waiting for it.
  if (cause !== null && ended.readyMs === null && history.total === 0) {
    return { kind: "final", reason };
  }

  const decision = nextRestart(
    history,
    { exit, readyMs, unhealthy: cause !== null },
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
          `${gaveUp(decision.count, spec)} Last failure: ${withoutName(spec.name, reason.message)}`,
          { fields: reason.fields },
        ),
      };
  }
}

function gaveUp(restarts: number, { name, restart }: ServiceSpec): string {
  if (restarts === 0) return `${name} is not restarted, because restart.max is 0.`;
  const times = restarts === 1 ? "1 restart" : `${restarts} restarts`;
  const within = restart.window_ms === FOREVER_MS
    ? ""
    : ` within ${formatDuration(restart.window_ms)}`;
  return `hale gave up on ${name} after ${times}${within}.`;
}
