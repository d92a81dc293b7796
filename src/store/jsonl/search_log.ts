/**
 * Binary search in a file of records: ids increase.
 *
 * @module
 */

import type { RecordHead } from "../../model/records.ts";
import type { Line } from "./line_reader.ts";
import { NEWLINE } from "../../files/line_splitter.ts";
import { readRange } from "../../files/read_from.ts";
import { isBlankLine, parseRecordLine } from "./record_line.ts";

/** The search stops at this size: reading it takes no longer than one more probe. */
const STRETCH_BYTES = 8_192;

/** Bytes of one probe: enough for most records; longer ones take several reads. */
const PROBE_BYTES = 2_048;

/**
 * Finds the offset from which to read the records after an id.
 *
 * @param after The id.
 * @param file The file. Its position is moved.
 * @param size Bytes of the file to consider.
 * @returns Offset of a line. All ids before it are at most `after`, and the next higher id is near.
 */
export function positionAfter(after: number, file: Deno.FsFile, size: number): number {
  if (after <= 0) return 0;
  let low = 0;
  let high = size;
  while (high - low > STRETCH_BYTES) {
    const middle = Math.floor((low + high) / 2);
    const line = firstLine(file, middle, { size, after: "newline" });
    const record = line === null ? null : parseRecordLine<RecordHead>(line.text);
    // A line that is not a record has no id: the caller reads it and reports it.
    if (line === null || record === null || typeof record === "string" || record.id > after) {
      high = middle;
    } else {
      low = line.end;
    }
  }
  return low;
}

/**
 * Returns the id of the first record of a file.
 *
 * @param file The file. Its position is moved.
 * @param size Bytes of the file to consider.
 * @returns The id; null if there is no complete line, or the first one is not a record.
 */
export function firstRecordId(file: Deno.FsFile, size: number): number | null {
  const line = firstLine(file, 0, { size, after: "byte" });
  const record = line === null ? null : parseRecordLine<RecordHead>(line.text);
  return record === null || typeof record === "string" ? null : record.id;
}

/** Returns the first complete line that is not blank, from an offset or from the next newline. */
function firstLine(
  file: Deno.FsFile,
  position: number,
  options: { size: number; after: "byte" | "newline" },
): Line | null {
  const { size, after } = options;
  for (let length = PROBE_BYTES;; length *= 2) {
    // A synchronous read takes a few microseconds, an asynchronous one 60.
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
