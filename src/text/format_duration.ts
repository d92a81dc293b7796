/** Each with the shortest time that it is used for: one minute is usually written `60s`. */
const UNITS: readonly { readonly name: string; readonly ms: number; readonly leastMs: number }[] = [
  { name: "h", ms: 3_600_000, leastMs: 3_600_000 },
  { name: "m", ms: 60_000, leastMs: 120_000 },
  { name: "s", ms: 1000, leastMs: 1000 },
];

/**
 * Formats a time as people write it in a configuration, so that a message names the text to search for.
 *
 * @param ms Milliseconds, a whole number.
 * @returns Such as `1s`, `60s`, `2m`, `1500ms`. Nothing is rounded, and `parseDuration()` reads it.
 *
 * @example
 * ```ts
 * import { formatDuration } from "./format_duration.ts";
 * console.log(formatDuration(1500), formatDuration(120_000)); // 1500ms 2m
 * ```
 */
export function formatDuration(ms: number): string {
  const unit = UNITS.find((unit) => ms >= unit.leastMs && ms % unit.ms === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit.ms}${unit.name}`;
}
