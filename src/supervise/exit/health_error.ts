import { HaleError } from "../../errors.ts";
import type { PollOutcome } from "../../health/poll.ts";
import { formatDuration } from "../../text/format_duration.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";

/**
 * Returns the error for a launch that did not become healthy.
 *
 * @param spec The service.
 * @param outcome The result of the wait.
 * @returns `port_occupied` if another program answers on its endpoint, else `health_check_failed`.
 */
export function readinessError(
  spec: ServiceSpec,
  outcome: Exclude<PollOutcome, { kind: "healthy" }>,
): HaleError {
  const { last, attempts, afterMs } = outcome;
  const fields = { service: spec.name, attempts, last: last.kind, runtime: last.runtime };
  if (outcome.kind === "foreign") {
    return new HaleError(
      "port_occupied",
      `Another program answered the health check of ${spec.name}: ${last.reason}. ` +
        `Stop that program, or give ${spec.name} another port.`,
      { fields },
    );
  }
  const { start, within_ms, implied } = spec.health ??
    { start: null, within_ms: afterMs, implied: false };
  // The configured limit: the time that passed is slightly longer.
  const within = formatDuration(start?.within_ms ?? within_ms);
  const missed = start === null ? "was not healthy" : "did not pass its start check";
  const checks = attempts === 1 ? "1 check" : `${attempts} checks, last`;
  const advice = implied && start === null
    ? "If it needs more time, set health.within. If it does not listen at its endpoint, set " +
      'health = "none".'
    : `If it needs more time, raise health.${start === null ? "within" : "start.within"}.`;
  return new HaleError(
    "health_check_failed",
    `${spec.name} ${missed} within ${within} (${checks}: ${last.reason}). ` +
      `See \`hale logs ${spec.name}\`. ${advice}`,
    { fields },
  );
}

/** The check for which a running launch is restarted, and why it failed last. */
export interface FailedCheck {
  readonly check: "health" | "liveness";
  readonly detail: string | null;
}

/**
 * Returns the error for a running launch that is restarted because of a health check.
 *
 * @param spec The service.
 * @param failed The check.
 * @returns `health_check_failed`.
 */
export function failedCheckError(spec: ServiceSpec, { check, detail }: FailedCheck): HaleError {
  const { failures = 0 } = (check === "health" ? spec.health : spec.health?.liveness) ?? {};
  const what = check === "health" ? "became unhealthy" : "does not work any more";
  const checks = failures === 1
    ? `a ${check} check failed`
    : `${failures} consecutive ${check} checks failed, last`;
  return new HaleError(
    "health_check_failed",
    `${spec.name} ${what} (${checks}: ${detail}).`,
    { fields: { service: spec.name, last: detail } },
  );
}
