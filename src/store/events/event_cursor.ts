/**
 * Cursors: where in the events of a runtime a reader is, as text for people and programs to keep.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import type { EventPosition } from "../../model/records.ts";

/**
 * Writes a cursor. It names the next event, not the last one seen: only this file counts so.
 *
 * @param runtimeId The runtime.
 * @param after Where the reader is.
 * @returns Such as `my-app:42` after the event 41.
 */
export function formatCursor(runtimeId: string, after: EventPosition): string {
  return `${runtimeId}:${after + 1}`;
}

/**
 * Reads a cursor.
 *
 * @param cursor What {@linkcode formatCursor} wrote. The id may hold colons itself.
 * @param runtimeId The runtime that is to be read.
 * @returns Where its reader is.
 * @throws {HaleError} `wrong_runtime_cursor` If it belongs to another runtime, `usage` if it is no
 * cursor.
 */
export function parseCursor(cursor: string, runtimeId: string): EventPosition {
  const colon = cursor.lastIndexOf(":");
  const digits = cursor.slice(colon + 1);
  const nextEventId = Number(digits);
  if (colon < 0 || !/^[1-9][0-9]*$/.test(digits) || !Number.isSafeInteger(nextEventId)) {
    throw new HaleError(
      "usage",
      `"${cursor}" is not a cursor. Give one that hale printed, such as ` +
        `${formatCursor(runtimeId, 0)}, or none to begin with the first event.`,
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
  return nextEventId - 1;
}
