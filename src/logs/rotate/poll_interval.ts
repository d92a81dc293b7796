/** How long a log that nothing happens to is left alone. `scripts/bench/logs.ts` tells what it costs. */
export const IDLE_POLL_MS = 5_000;

/**
 * How long at most one that is written to is: so well is it known when a line was written. Programs
 * write most when they start, so it is also the time of the first look.
 */
export const BUSY_POLL_MS = 1_000;

/** After a rotation the log is left alone for so many times as long: not more than a tenth goes into it. */
export const REST_FACTOR = 9;

const SHORTEST_LOOK_MS = 100;

/**
 * How long to leave a log alone: not long where it fills fast.
 *
 * @param seen `size` and `maxSize` in bytes, and how many it has `grown` in the last `elapsedMs`.
 * @returns Milliseconds.
 */
export function pollInterval(seen: {
  readonly size: number;
  readonly maxSize: number;
  readonly grown: number;
  readonly elapsedMs: number;
}): number {
  const { size, maxSize, grown, elapsedMs } = seen;
  if (grown <= 0) return IDLE_POLL_MS;
  const untilFullMs = Math.max(0, maxSize - size) / grown * elapsedMs;
  // Half the way, because it may write faster yet.
  return Math.min(BUSY_POLL_MS, Math.max(SHORTEST_LOOK_MS, untilFullMs / 2));
}
