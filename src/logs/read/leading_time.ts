const PATTERN =
  // deno-lint-ignore no-control-regex
  /^(?:\x1b\[[\d;]*m)*\[?(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ?(Z\b|UTC\b|[+-]\d\d:?\d\d)?/;

/**
 * The time that a line of a log begins with, as many programs write it.
 *
 * @param line Such as `2026-01-31T12:00:00.123Z started` or `[2026-01-31 12:00:00,123] started`.
 * Colours before it do not matter. Without a zone it is taken for local time.
 * @returns Milliseconds since 1970, or null where the line begins with something else.
 */
export function leadingTime(line: string): number | null {
  const match = PATTERN.exec(line);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Numbers;
  const ms = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000);
  const zone = match[8];
  const time = zone === undefined
    ? new Date(year, month - 1, day, hour, minute, second, ms).getTime()
    : Date.UTC(year, month - 1, day, hour, minute, second, ms) - offsetOf(zone);
  return Number.isNaN(time) ? null : time;
}

type Numbers = [number, number, number, number, number, number];

/** How far a zone is ahead of UTC, in milliseconds. */
function offsetOf(zone: string): number {
  if (zone === "Z" || zone === "UTC") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}
