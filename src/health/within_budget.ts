import { formatDuration } from "../text/format_duration.ts";
import type { ProbeOptions } from "./types.ts";

/**
 * How long a check was given, for the end of a message.
 *
 * @param options The budget.
 * @returns Such as ` within 1s`; empty where only the rest of a longer wait was left, which stands in
 * no configuration.
 */
export function withinBudget({ timeoutMs, isCut }: ProbeOptions): string {
  return isCut ? "" : ` within ${formatDuration(timeoutMs)}`;
}
