import { type Found, ok, wrong } from "./finding.ts";

/** Clocks of machines that are set by the network differ by less. */
const TOLERANCE_MS = 60_000;

/** Before hale was written. */
const EARLIEST = Date.UTC(2025, 0, 1);

/**
 * Looks whether the clock can be right.
 *
 * @param newestAt ISO 8601 time of the newest event; null where there is none.
 * @param now Milliseconds since 1970.
 * @returns How it is.
 */
export function checkClock(newestAt: string | null, now: number): Found {
  const time = new Date(now).toISOString();
  const remedy = "Set the clock: times in events and logs would mislead, durations stay right.";
  if (now < EARLIEST) return wrong("clock", `It says ${time}, which is long past.`, remedy);
  const ahead = newestAt === null ? 0 : Date.parse(newestAt) - now;
  if (ahead > TOLERANCE_MS) {
    return wrong("clock", `It says ${time}, and the newest event is of ${newestAt}.`, remedy);
  }
  return ok("clock", `It says ${time}, and no event is of later.`);
}
