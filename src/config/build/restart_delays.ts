/** The pauses before automatic restarts, in milliseconds. */
export interface RestartDelays {
  readonly delay_ms: number;
  readonly max_delay_ms: number;
}

const DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;

/**
 * Completes the pauses before automatic restarts. A default follows the value that is written:
 * `max_delay = "200ms"` alone means that the first pause is 200 ms, too.
 *
 * @param written The values of the configuration, in milliseconds.
 * @returns Both values. `delay_ms` is longer only if both were written so.
 */
export function restartDelays(
  { delay, max_delay: maxDelay }: {
    readonly delay?: number | undefined;
    readonly max_delay?: number | undefined;
  },
): RestartDelays {
  return {
    delay_ms: delay ?? Math.min(DELAY_MS, maxDelay ?? DELAY_MS),
    max_delay_ms: maxDelay ?? Math.max(MAX_DELAY_MS, delay ?? MAX_DELAY_MS),
  };
}
