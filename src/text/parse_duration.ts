/** Format of a duration, for error messages. */
export const DURATION_FORMAT = 'a whole number and a unit (ms, s, m, h) such as "5s"';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The longest delay of a timer: beyond 2^31 - 1 ms `setTimeout` fires at once. */
const MAX_DURATION_MS = 2 ** 31 - 1;

/**
 * Parses a duration with its unit.
 *
 * @param text Such as `250ms`, `5s`, `2m`, `1h` or `0s`.
 * @returns Milliseconds, or null if the text is not a duration or the duration exceeds 24 days.
 *
 * @example
 * ```ts
 * import { parseDuration } from "./parse_duration.ts";
 * console.log(parseDuration("2m"), parseDuration("2")); // 120000 null
 * ```
 */
export function parseDuration(text: string): number | null {
  const match = /^([0-9]+)(ms|s|m|h)$/.exec(text);
  if (match === null) return null;
  const ms = Number(match[1]) * UNIT_MS[match[2]!]!;
  return ms <= MAX_DURATION_MS ? ms : null;
}
