const PATTERN =
  // deno-lint-ignore no-control-regex
  /^(?:\x1b\[[\d;]*m)*\[?(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ?(Z\b|UTC\b|[+-]\d\d:?\d\d)?/;

/**
 * Parses the time at the start of a line of a log, in the formats that many programs write.
 *
 * @param line Such as `2026-01-31T12:00:00.123Z started` or `[2026-01-31 12:00:00,123] started`.
 * Escape sequences for colors before it are ignored. Without a time zone it is local time.
 * @returns Milliseconds since 1970, or null if the line does not begin with a time.
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

/** Offset of a time zone from UTC, in milliseconds. */
function offsetOf(zone: string): number {
  if (zone === "Z" || zone === "UTC") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}
