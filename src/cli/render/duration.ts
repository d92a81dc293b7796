/**
 * Renders a duration in its two largest units.
 *
 * @param ms Milliseconds, 0 or more.
 * @returns For example `250ms`, `3s`, `2m 5s`, `1h 3m`, `4d 2h`; rounded down.
 *
 * @example
 * ```ts
 * import { renderDuration } from "./duration.ts";
 * console.log(renderDuration(125_000)); // 2m 5s
 * ```
 */
export function renderDuration(ms: number): string {
  if (ms < 1000) return `${Math.floor(ms)}ms`;
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return inTwo(days, "d", hours % 24, "h");
  if (hours > 0) return inTwo(hours, "h", minutes % 60, "m");
  if (minutes > 0) return inTwo(minutes, "m", seconds % 60, "s");
  return `${seconds}s`;
}

function inTwo(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit} ${small}${smallUnit}`;
}
