/**
 * Reading a log of records, also while it is being written.
 *
 * @module
 */

import type { HaleError } from "../../errors.ts";
import type { RecordHead } from "../../model/records.ts";
import { type Line, LineReader } from "./line_reader.ts";
import { lineNumberAt } from "./last_record.ts";
import { type LogPart, SegmentReader } from "./segment_reader.ts";
import { isBlankLine, parseRecordLine } from "./record_line.ts";
import { positionAfter } from "./search_log.ts";
import { storeCorrupt, unreadable } from "../../files/io_error.ts";

/** Which records are wanted. */
export interface ReadRecordsOptions {
  /** What it is for, in case of an error. */
  readonly operation: string;
  /** Only those with a higher id. @default 0 */
  readonly after?: number;
  /** At most so many. @default Infinity */
  readonly limit?: number;
  /**
   * Makes the error to throw where the record after `after` is no longer kept, given the least `after`
   * of which it is. @default none
   */
  readonly expired?: (keptAfter: number) => HaleError;
}

/**
 * Reads records in their order, through all segments. Where to begin is searched for by halves,
 * because ids rise: the end of a log of millions is found as soon as that of ten.
 *
 * @param path The log. One that is not there holds nothing.
 * @param options Which records.
 * @returns The records that are whole when the reading begins. A line without its end is not yet one.
 * @throws {HaleError} `store_corrupt` If a line that was read is no record or its id does not rise,
 * `store_io` if the file cannot be read, or what `expired` made.
 */
export async function* readRecords<R extends RecordHead>(
  path: string,
  options: ReadRecordsOptions,
): AsyncGenerator<R> {
  const { operation, after = 0, limit = Infinity, expired } = options;
  let left = limit;
  if (left <= 0) return;
  using log = openLog(path, { operation, after });
  const keptAfter = (log.oldestId ?? 1) - 1;
  if (expired !== undefined && keptAfter > after) throw expired(keptAfter);
  let previousId = 0;
  for (const part of log.parts) {
    try {
      for await (const { record, line } of recordsAfter<R>(part, previousId === 0 ? after : 0)) {
        if (record.id <= previousId) {
          throw new BrokenLine(line, `its id ${record.id} follows the id ${previousId}`);
        }
        previousId = record.id;
        if (record.id <= after) continue;
        yield record;
        if (--left === 0) return;
      }
    } catch (error) {
      if (!(error instanceof BrokenLine)) throw unreadable(operation, part.path, error);
      const line = lineNumberAt(part.file, error.line.start);
      throw storeCorrupt(operation, part.path, error.message, { line });
    }
  }
}

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

function openLog(path: string, options: { operation: string; after: number }): SegmentReader {
  try {
    return SegmentReader.open(path, options.after);
  } catch (error) {
    throw unreadable(options.operation, path, error);
  }
}

/** The records of one file from shortly before an id on. */
async function* recordsAfter<R extends RecordHead>(
  { file, size }: LogPart,
  after: number,
): AsyncGenerator<RecordAt<R>> {
  let reader = new LineReader(file, positionAfter(after, file, size), size);
  for (let line = await reader.next(); line !== null; line = await reader.next()) {
    if (isBlankLine(line.text)) continue;
    let record = parseRecordLine<R>(line.text);
    if (typeof record === "string") {
      // Half of it may have been read before the writer took a failed write back and wrote anew.
      reader = new LineReader(file, line.start, size);
      line = await reader.next();
      if (line === null) return;
      record = parseRecordLine<R>(line.text);
      if (typeof record === "string") throw new BrokenLine(line, record);
    }
    yield { record, line };
  }
}
