import type { WatchedCheck } from "../../model/health_spec.ts";
import { formatDuration } from "../../text/format_duration.ts";

/** A moment by two clocks: the monotonic one does not advance while the machine is suspended. */
export interface Moment {
  /** Monotonic milliseconds. */
  readonly now: number;
  /** Milliseconds since 1970. */
  readonly wallNow: number;
}

/** How much later than planned a check may pass on a loaded machine, in milliseconds. */
const LATE_MS = 1_000;

/**
 * Returns why a check that passed no longer says that the service is healthy: the supervisor or the machine
 * was suspended or overloaded, and the next check is overdue.
 *
 * @param health The check. One of kind `log` is not repeated, so it is never overdue.
 * @param passed When it passed last.
 * @param at The current time.
 * @returns Null if the service is healthy still.
 */
export function overdueCheck(
  health: WatchedCheck,
  passed: Moment,
  at: Moment,
): string | null {
  if (health.check.kind === "log") return null;
  const ageMs = Math.max(at.now - passed.now, at.wallNow - passed.wallNow);
  if (ageMs <= health.interval_ms + health.timeout_ms + LATE_MS) return null;
  const age = formatDuration(Math.round(ageMs / 1000) * 1000);
  return `the last check that passed was ${age} ago, and the next one is overdue`;
}
