/**
 * Finding a place in a file of records without reading it: ids rise, so halving does.
 *
 * @module
 */

import type { RecordHead } from "../../model/records.ts";
import type { Line } from "./line_reader.ts";
import { NEWLINE } from "../../files/newline.ts";
import { readRange } from "../../files/read_from.ts";
import { isBlankLine, parseRecordLine } from "./record_line.ts";

/** Searching stops at stretches of this size: those are read as fast as one record is looked at. */
const STRETCH_BYTES = 8_192;

/** Enough for most records; longer ones take several reads. */
const PROBE_BYTES = 2_048;

/**
 * Where to begin reading for the records that follow an id.
 *
 * @param after The id.
 * @param file The file. Its position is moved.
 * @param size Bytes of it to look at.
 * @returns Byte at which a line begins. Every id before it is at most `after`, and the next higher
 * one is not far.
 */
export function positionAfter(after: number, file: Deno.FsFile, size: number): number {
  if (after <= 0) return 0;
  let low = 0;
  let high = size;
  while (high - low > STRETCH_BYTES) {
    const middle = Math.floor((low + high) / 2);
    const line = firstLine(file, middle, { size, after: "newline" });
    const record = line === null ? null : parseRecordLine<RecordHead>(line.text);
    // A line that is no record decides nothing: reading on from before it tells more.
    if (line === null || record === null || typeof record === "string" || record.id > after) {
      high = middle;
    } else {
      low = line.end;
    }
  }
  return low;
}

/**
 * The id of the first record of a file.
 *
 * @param file The file. Its position is moved.
 * @param size Bytes of it to look at.
 * @returns Null where there is no whole line, or the first one is no record.
 */
export function firstRecordId(file: Deno.FsFile, size: number): number | null {
  const line = firstLine(file, 0, { size, after: "byte" });
  const record = line === null ? null : parseRecordLine<RecordHead>(line.text);
  return record === null || typeof record === "string" ? null : record.id;
}

/** The first line that is whole and not blank, from a byte on or after the next newline. */
function firstLine(
  file: Deno.FsFile,
  position: number,
  options: { size: number; after: "byte" | "newline" },
): Line | null {
  const { size, after } = options;
  for (let length = PROBE_BYTES;; length *= 2) {
    // Synchronous: some microseconds each, where an asynchronous read costs 60.
    const bytes = readRange(file, position, Math.min(position + length, size));
    let from = after === "byte" ? 0 : bytes.indexOf(NEWLINE) + 1;
    while (after === "byte" || from > 0) {
      const to = bytes.indexOf(NEWLINE, from);
      if (to < 0) break;
      const text = new TextDecoder().decode(bytes.subarray(from, to));
      if (!isBlankLine(text)) return { text, start: position + from, end: position + to + 1 };
      from = to + 1;
    }
    if (position + length >= size) return null;
  }
}
