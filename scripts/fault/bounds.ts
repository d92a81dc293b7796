/**
 * How long commands of hale may take. The bounds are those of the table "What bounds each wait" in
 * CONTRIBUTING.md, and room for a machine on which several scenarios run at once.
 *
 * @module
 */

/** Commands that wait for no service. */
const READING = new Set([
  ...["status", "logs", "events", "history", "audit", "resolve", "config", "version", "cache"],
]);

/** A supervisor answers in 5 s, or the command does without it. The rest is room for load. */
const READING_MS = 30_000;

/** 30 s until another command has started a supervisor, 30 s for the answer to a request. */
const ACTING_MS = 90_000;

/**
 * Returns how long a command may take.
 *
 * @param args The arguments of `hale`.
 * @returns The bound in milliseconds. A command that takes longer counts as a hang.
 */
export function boundOf(args: readonly string[]): number {
  return READING.has(args[0] ?? "") ? READING_MS : ACTING_MS;
}
