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
  // The configured limit: the time that passed is slightly longer.
  const within = formatDuration(spec.health?.within_ms ?? afterMs);
  const checks = attempts === 1 ? "1 check" : `${attempts} checks, last`;
  return new HaleError(
    "health_check_failed",
    `${spec.name} was not healthy within ${within} (${checks}: ${last.reason}). ` +
      `See \`hale logs ${spec.name}\`. If it needs more time, raise health.within.`,
    { fields },
  );
}

/**
 * Returns the error for a launch that is stopped because it became unhealthy.
 *
 * @param spec The service.
 * @param detail Why the last check failed.
 * @returns `health_check_failed`.
 */
export function livenessError(spec: ServiceSpec, detail: string | null): HaleError {
  const failures = spec.health?.failures ?? 0;
  const checks = failures === 1
    ? "a health check failed"
    : `${failures} consecutive health checks failed, last`;
  return new HaleError(
    "health_check_failed",
    `${spec.name} became unhealthy (${checks}: ${detail}).`,
    { fields: { service: spec.name, last: detail } },
  );
}
