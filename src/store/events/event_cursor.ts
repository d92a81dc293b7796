/**
 * Cursors: where in the events of a runtime a reader is, as text for people and programs to keep.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";

/**
 * Writes a cursor.
 *
 * @param runtimeId The runtime.
 * @param nextEventId Id of the first event that was not seen yet.
 * @returns Such as `my-app:42`.
 */
export function formatCursor(runtimeId: string, nextEventId: number): string {
  return `${runtimeId}:${nextEventId}`;
}

/**
 * Reads a cursor.
 *
 * @param cursor What {@linkcode formatCursor} wrote. The id may hold colons itself.
 * @param runtimeId The runtime that is to be read.
 * @returns Id of the first event that was not seen yet.
 * @throws {HaleError} `wrong_runtime_cursor` If it belongs to another runtime, `usage` if it is no
 * cursor.
 */
export function parseCursor(cursor: string, runtimeId: string): number {
  const colon = cursor.lastIndexOf(":");
  const digits = cursor.slice(colon + 1);
  const nextEventId = Number(digits);
  if (colon < 0 || !/^[1-9][0-9]*$/.test(digits) || !Number.isSafeInteger(nextEventId)) {
    throw new HaleError(
      "usage",
      `"${cursor}" is not a cursor. Give one that hale printed, such as ` +
        `${formatCursor(runtimeId, 1)}, or none to begin with the first event.`,
      { fields: { cursor } },
    );
  }
  const actual = cursor.slice(0, colon);
  if (actual !== runtimeId) {
    throw new HaleError(
      "wrong_runtime_cursor",
      `The cursor ${cursor} belongs to runtime "${actual}", and this is "${runtimeId}". ` +
        "Give a cursor of this one, or none to begin with the first event.",
      { fields: { cursor, expected: runtimeId, actual } },
    );
  }
  return nextEventId;
}
