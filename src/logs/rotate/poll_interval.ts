/**
 * Poll interval of a log that does not grow, in milliseconds. `scripts/bench/logs.ts` measures its
 * cost.
 */
export const IDLE_POLL_MS = 5_000;

/**
 * Longest poll interval of a log that grows, in milliseconds. It is also the accuracy of the times
 * of lines, and the delay of the first poll, because programs write most when they start.
 */
export const BUSY_POLL_MS = 1_000;

/**
 * Pause after a rotation, as a multiple of its duration: rotation takes at most a tenth of the
 * time.
 */
export const REST_FACTOR = 9;

const SHORTEST_POLL_MS = 100;

/**
 * Returns the time until the next poll of a log. It is short for a log that fills fast.
 *
 * @param observed `size` and `maxSize` in bytes; `grown`: bytes added in the last `elapsedMs`.
 * @returns Milliseconds.
 */
export function pollInterval(observed: {
  readonly size: number;
  readonly maxSize: number;
  readonly grown: number;
  readonly elapsedMs: number;
}): number {
  const { size, maxSize, grown, elapsedMs } = observed;
  if (grown <= 0) return IDLE_POLL_MS;
  const untilFullMs = Math.max(0, maxSize - size) / grown * elapsedMs;
  // Half the expected time, because the program may write faster.
  return Math.min(BUSY_POLL_MS, Math.max(SHORTEST_POLL_MS, untilFullMs / 2));
}
