/** An inclusive range of HTTP statuses. */
export type StatusRange = readonly [from: number, to: number];

const LOWEST = 100;
const HIGHEST = 599;

/**
 * Parses an HTTP status or a range of statuses.
 *
 * @param value Such as `200`, `"200"`, `"2xx"` or `"200-399"`.
 * @returns The range, or null if the value is none.
 */
export function parseStatusRange(value: unknown): StatusRange | null {
  if (typeof value !== "number" && typeof value !== "string") return null;
  const match = /^([1-5])xx$|^(\d{3})(?:-(\d{3}))?$/i.exec(String(value));
  if (match === null) return null;
  const [, hundreds, from, to] = match;
  if (hundreds !== undefined) return [Number(hundreds) * 100, Number(hundreds) * 100 + 99];
  const range = [Number(from), Number(to ?? from)] as const;
  return range[0] >= LOWEST && range[1] <= HIGHEST && range[0] <= range[1] ? range : null;
}

/**
 * Formats ranges of statuses for messages.
 *
 * @param ranges At least one range.
 * @returns Such as `2xx`, `200 or 401`, `200-399`.
 */
export function formatStatusRanges(ranges: readonly StatusRange[]): string {
  const words = ranges.map(([from, to]) => {
    if (from === to) return String(from);
    return from % 100 === 0 && to === from + 99 ? `${from / 100}xx` : `${from}-${to}`;
  });
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
