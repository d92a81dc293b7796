import { type Found, ok, wrong } from "./finding.ts";

/** Clocks that are synchronized over the network differ by less. */
const TOLERANCE_MS = 60_000;

/** Before hale was written. */
const EARLIEST = Date.UTC(2025, 0, 1);

/**
 * Checks that the clock is plausible.
 *
 * @param newestAt ISO 8601 time of the newest event; null if there is none.
 * @param now The time, in milliseconds since 1970.
 * @returns The result.
 */
export function checkClock(newestAt: string | null, now: number): Found {
  const time = new Date(now).toISOString();
  const remedy =
    "Set the clock. Until then the times in events and logs are wrong; restart delays " +
    "and timeouts are not affected.";
  if (now < EARLIEST) {
    return wrong("clock", `The clock says ${time}, which is before hale was written.`, remedy);
  }
  const ahead = newestAt === null ? 0 : Date.parse(newestAt) - now;
  if (ahead > TOLERANCE_MS) {
    const message = `The clock says ${time}, but the newest event is later: ${newestAt}.`;
    return wrong("clock", message, remedy);
  }
  return ok("clock", `The clock says ${time}; no event is more than a minute later.`);
}
