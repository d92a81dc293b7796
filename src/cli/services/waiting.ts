import type { ServiceSpec } from "../../model/service_spec.ts";
import type { ServiceStatus } from "../../model/service_state.ts";
import { formatDuration } from "../../text/format_duration.ts";
import { withoutName } from "../../text/service_message.ts";
import { renderDuration } from "../render/duration.ts";

/**
 * Renders what a command waits for, when nothing else has happened for a while.
 *
 * @param status A service that is neither up nor failed.
 * @param spec Its specification; undefined if it is not known.
 * @param now Milliseconds since 1970.
 * @returns The line without the name of the service, such as `starting for 4s, healthy within 10s`.
 */
export function renderWaiting(
  status: ServiceStatus,
  spec: Pick<ServiceSpec, "health"> | undefined,
  now: number,
): string {
  const {
    state,
    waiting_for,
    uptime_seconds,
    next_restart_at,
    reason,
    has_health_check,
    health_detail,
  } = status;
  if (waiting_for !== null) return `waits for ${waiting_for}`;
  const since = uptime_seconds === null || uptime_seconds === 0
    ? ""
    : ` for ${renderDuration(uptime_seconds * 1000)}`;
  switch (state) {
    case "starting": {
      const limit = spec?.health == null
        ? ""
        : `, must be healthy within ${formatDuration(spec.health.within_ms)}`;
      return `starting${since}${limit}`;
    }
    case "running":
      return `running${since}, must ${has_health_check ? "be healthy" : "complete"}` +
        (health_detail === null ? "" : `: ${health_detail}`);
    case "backoff": {
      const delayMs = Math.max(0, Date.parse(next_restart_at ?? "") - now);
      return Number.isNaN(delayMs) ? "restarts" : `restarts in ${renderDuration(delayMs)}`;
    }
    case "stopping":
      return `stopping${reason === null ? "" : `: ${withoutName(status.name, reason.message)}`}`;
    case "unmanaged":
      return "not started by hale, must become healthy";
    default:
      return state;
  }
}
