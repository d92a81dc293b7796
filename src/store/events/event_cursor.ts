/**
 * Cursors: the text form of a reader's position in the events of a runtime.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import type { EventPosition } from "../../model/records.ts";

/**
 * Formats a cursor. It contains the id of the next event, not of the last one seen: only this file
 * converts between the two.
 *
 * @param runtimeId The runtime.
 * @param after The position of the reader.
 * @returns Such as `my-app:42` after event 41.
 */
export function formatCursor(runtimeId: string, after: EventPosition): string {
  return `${runtimeId}:${after + 1}`;
}

/**
 * Parses a cursor.
 *
 * @param cursor Result of {@linkcode formatCursor}. The runtime's id may contain colons.
 * @param runtimeId The runtime to read.
 * @returns The position of the reader.
 * @throws {HaleError} `wrong_runtime_cursor` If it belongs to another runtime, `usage` if it is not a
 * cursor.
 */
export function parseCursor(cursor: string, runtimeId: string): EventPosition {
  const colon = cursor.lastIndexOf(":");
  const digits = cursor.slice(colon + 1);
  const nextEventId = Number(digits);
  if (colon < 0 || !/^[1-9][0-9]*$/.test(digits) || !Number.isSafeInteger(nextEventId)) {
    throw new HaleError(
      "usage",
      `"${cursor}" is not a cursor. Use a cursor that hale printed, such as ` +
        `${formatCursor(runtimeId, 0)}, or omit it to begin with the oldest event.`,
      { fields: { cursor } },
    );
  }
  const actual = cursor.slice(0, colon);
  if (actual !== runtimeId) {
    throw new HaleError(
      "wrong_runtime_cursor",
      `The cursor ${cursor} belongs to runtime "${actual}", not to "${runtimeId}". Use a cursor of ` +
        `"${runtimeId}", or omit it to begin with the oldest event.`,
      { fields: { cursor, expected: runtimeId, actual } },
    );
  }
  return nextEventId - 1;
}
