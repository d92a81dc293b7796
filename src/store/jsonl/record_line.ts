/**
 * One line of a log of records.
 *
 * @module
 */

import { MAX_RECORD_ID, type RecordHead } from "../../model/records.ts";

/**
 * Parses a line of a log.
 *
 * @param line The line, without line end.
 * @returns The record, or why the line is not a record, as the end of a sentence.
 */
export function parseRecordLine<R extends RecordHead>(line: string): R | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "it is not JSON";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return "it is not a JSON object";
  }
  const { id, at } = value as Record<string, unknown>;
  if (!Number.isSafeInteger(id) || (id as number) < 1) return "it has no record id";
  if ((id as number) > MAX_RECORD_ID) return `its id ${id} is above ${MAX_RECORD_ID}`;
  if (typeof at !== "string") return "it has no time";
  return value as R;
}

/** Returns whether a line is blank, as an editor may leave one. */
export function isBlankLine(line: string): boolean {
  return line.trim() === "";
}
