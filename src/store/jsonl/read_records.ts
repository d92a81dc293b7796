/**
 * Reads a log of records, also while it is being written.
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

/** Settings of {@linkcode readRecords}. */
export interface ReadRecordsOptions {
  /** What the caller does, for the error message. */
  readonly operation: string;
  /** Reads only records with a higher id. @default 0 */
  readonly after?: number;
  /** Highest number of records. @default Infinity */
  readonly limit?: number;
  /**
   * Creates the error to throw if the record after `after` is no longer kept. `keptAfter` is the lowest
   * `after` that is still valid. @default begin with the oldest record
   */
  readonly expired?: (keptAfter: number) => HaleError;
}

/**
 * Reads records in order, through all segments. Finds the first one by a binary search, because ids
 * increase.
 *
 * @param path The log. A missing log has no records.
 * @param options The settings.
 * @returns The records that are complete when the reading begins. An unfinished last line is skipped.
 * @throws {HaleError} `store_corrupt` If a line is not a record or its id does not increase, `store_io`
 * if a file cannot be read, or the error of `expired`.
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

/** Becomes `store_corrupt` with the number of the line. */
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

/** Reads the records of one file, beginning at or shortly before the one after an id. */
async function* recordsAfter<R extends RecordHead>(
  { file, size }: LogPart,
  after: number,
): AsyncGenerator<RecordAt<R>> {
  let reader = new LineReader(file, positionAfter(after, file, size), size);
  for (let line = await reader.next(); line !== null; line = await reader.next()) {
    if (isBlankLine(line.text)) continue;
    let record = parseRecordLine<R>(line.text);
    if (typeof record === "string") {
      // A part of it may have been read before the writer truncated a failed write and wrote again.
      reader = new LineReader(file, line.start, size);
      line = await reader.next();
      if (line === null) return;
      record = parseRecordLine<R>(line.text);
      if (typeof record === "string") throw new BrokenLine(line, record);
    }
    yield { record, line };
  }
}
