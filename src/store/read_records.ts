/**
 * Reading a log of records, also while it is being written.
 *
 * @module
 */

import type { RecordHead } from "../model/records.ts";
import { type Line, LineReader, NEWLINE } from "./line_reader.ts";
import { lineNumberAt, readRange } from "./log_end.ts";
import { isBlankLine, parseRecordLine } from "./record_line.ts";
import { storeCorrupt, unreadable } from "./store_error.ts";

/** Which records are wanted. */
export interface ReadRecordsOptions {
  /** What it is for, in case of an error. */
  readonly operation: string;
  /** Only those with a higher id. @default 0 */
  readonly after?: number;
  /** At most so many. @default Infinity */
  readonly limit?: number;
}

/**
 * Reads records in their order. Where to begin is searched for in the file by halves, because ids
 * rise: the end of a log of millions is found as soon as that of ten.
 *
 * @param path The log. One that is not there holds nothing.
 * @param options Which records.
 * @returns The records that are whole when the reading begins. A line without its end is not yet one.
 * @throws {HaleError} `store_corrupt` If a line that was read is no record or its id does not rise,
 * `store_io` if the file cannot be read.
 */
export async function* readRecords<R extends RecordHead>(
  path: string,
  options: ReadRecordsOptions,
): AsyncGenerator<R> {
  const { operation, after = 0, limit = Infinity } = options;
  let left = limit;
  if (left <= 0) return;
  try {
    using file = openLog(path);
    if (file === null) return;
    let previousId = 0;
    const { size } = file.statSync();
    const records = recordsFrom<R>(file, positionAfter(after, file, size), size);
    for await (const { record, line } of records) {
      if (record.id <= previousId) {
        throw new BrokenLine(line, `its id ${record.id} follows the id ${previousId}`);
      }
      previousId = record.id;
      if (record.id <= after) continue;
      yield record;
      if (--left === 0) return;
    }
  } catch (error) {
    if (!(error instanceof BrokenLine)) throw unreadable(operation, path, error);
    using file = Deno.openSync(path, { read: true });
    const line = lineNumberAt(file, error.line.start);
    throw storeCorrupt(operation, path, error.message, { line });
  }
}

/** Searching stops at stretches of this size: those are read as fast as one record is looked at. */
const STRETCH_BYTES = 8_192;

/** Enough for most records; longer ones take several reads. */
const PROBE_BYTES = 2_048;

interface RecordAt<R> {
  readonly record: R;
  readonly line: Line;
}

/** Becomes `store_corrupt` once the number of the line is counted. */
class BrokenLine extends Error {
  constructor(readonly line: Line, message: string) {
    super(message);
  }
}

/** A line's start before which every id is at most `after`, not far before the next higher one. */
function positionAfter(after: number, file: Deno.FsFile, size: number): number {
  if (after <= 0) return 0;
  let low = 0;
  let high = size;
  while (high - low > STRETCH_BYTES) {
    const middle = Math.floor((low + high) / 2);
    const line = firstLineBeginningAfter(file, middle, size);
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

function firstLineBeginningAfter(file: Deno.FsFile, position: number, size: number): Line | null {
  for (let length = PROBE_BYTES;; length *= 2) {
    // Synchronous: some microseconds each, where an asynchronous read costs 60.
    const bytes = readRange(file, position, Math.min(position + length, size));
    for (let from = bytes.indexOf(NEWLINE) + 1; from > 0;) {
      const to = bytes.indexOf(NEWLINE, from);
      if (to < 0) break;
      const text = new TextDecoder().decode(bytes.subarray(from, to));
      if (!isBlankLine(text)) return { text, start: position + from, end: position + to + 1 };
      from = to + 1;
    }
    if (position + length >= size) return null;
  }
}

async function* recordsFrom<R extends RecordHead>(
  file: Deno.FsFile,
  start: number,
  end: number,
): AsyncGenerator<RecordAt<R>> {
  let reader = new LineReader(file, start, end);
  for (let line = await reader.next(); line !== null; line = await reader.next()) {
    if (isBlankLine(line.text)) continue;
    let record = parseRecordLine<R>(line.text);
    if (typeof record === "string") {
      // Half of it may have been read before the writer took a failed write back and wrote anew.
      reader = new LineReader(file, line.start, end);
      line = await reader.next();
      if (line === null) return;
      record = parseRecordLine<R>(line.text);
      if (typeof record === "string") throw new BrokenLine(line, record);
    }
    yield { record, line };
  }
}

function openLog(path: string): Deno.FsFile | null {
  try {
    return Deno.openSync(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
