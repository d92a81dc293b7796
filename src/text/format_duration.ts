/** Each with the least time that is told in it: a minute is more often written as `60s`. */
const UNITS: readonly { readonly name: string; readonly ms: number; readonly leastMs: number }[] = [
  { name: "h", ms: 3_600_000, leastMs: 3_600_000 },
  { name: "m", ms: 60_000, leastMs: 120_000 },
  { name: "s", ms: 1000, leastMs: 1000 },
];

/**
 * A time as it may stand in a configuration, so that a message names what can be looked for there.
 *
 * @param ms Milliseconds, a whole number.
 * @returns Such as `1s`, `60s`, `2m`, `1500ms`: nothing is rounded, and it can be written like this.
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
