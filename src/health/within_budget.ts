import { formatDuration } from "../text/format_duration.ts";
import type { ProbeOptions } from "./types.ts";

/**
 * Formats the time limit of a check for the end of a message.
 *
 * @param options The time limit.
 * @returns Such as ` within 1s`; empty if the check was cut at the deadline of a longer wait,
 * because the remaining time is not a configured value.
 */
export function withinBudget({ timeoutMs, isCut }: ProbeOptions): string {
  return isCut ? "" : ` within ${formatDuration(timeoutMs)}`;
}
