import { HaleError } from "../../errors.ts";
import type { PollOutcome } from "../../health/poll.ts";
import { formatDuration } from "../../text/format_duration.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";

/**
 * The error for a launch that did not become healthy.
 *
 * @param spec The service.
 * @param outcome How the wait ended.
 * @returns `port_occupied` where another program answers in its place, else `health_check_failed`.
 */
export function healthError(
  spec: ServiceSpec,
  outcome: Exclude<PollOutcome, { kind: "healthy" }>,
): HaleError {
  const { last, attempts, afterMs } = outcome;
  const fields = { service: spec.name, attempts, last: last.kind, runtime: last.runtime };
  if (outcome.kind === "foreign") {
    return new HaleError(
      "port_occupied",
      `Another program answers in place of ${spec.name}: ${last.reason}. ` +
        "Stop that program, or give the service another port.",
      { fields },
    );
  }
  // The budget as it was given: the time that it took is a little more.
  const withinMs = spec.health?.within_ms ?? afterMs;
  const checks = attempts === 1 ? "1 check" : `${attempts} checks; the last`;
  return new HaleError(
    "health_check_failed",
    `${spec.name} was not healthy within ${
      formatDuration(withinMs)
    } (${checks}: ${last.reason}). Look at \`hale logs ${spec.name}\`; if it needs longer, raise health.within.`,
    { fields },
  );
}

/**
 * The error for a launch that is ended because it became unhealthy.
 *
 * @param spec The service.
 * @param detail What the last check saw.
 * @returns `health_check_failed`.
 */
export function becameUnhealthy(spec: ServiceSpec, detail: string | null): HaleError {
  const failures = spec.health?.failures ?? 0;
  return new HaleError(
    "health_check_failed",
    `${spec.name} became unhealthy (${failures} checks in a row failed; the last: ${detail}).`,
    { fields: { service: spec.name, last: detail } },
  );
}
