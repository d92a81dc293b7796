/**
 * Finds the end of a file of records, reading backwards.
 *
 * @module
 */

import type { RecordHead } from "../../model/records.ts";
import { NEWLINE } from "../../files/line_splitter.ts";
import { isBlankLine, parseRecordLine } from "./record_line.ts";
import { storeCorrupt } from "../../files/io_error.ts";
import { readRange } from "../../files/read_from.ts";

/** End of a file of records. */
export interface LastRecord {
  /** Id of the last complete record; 0 if there is none. */
  readonly lastId: number;
  /** Bytes up to and including the last newline. */
  readonly wholeBytes: number;
  /** All bytes: those after `wholeBytes` are an unfinished line. */
  readonly size: number;
}

/**
 * Finds the end of a file of records.
 *
 * @param file The file, open for reading.
 * @param options `path`, `operation`: for the error message. `size`: bytes to consider (default: all).
 * @returns The end.
 * @throws {HaleError} `store_corrupt` If the last complete line is not a record.
 */
export function readLastRecord(
  file: Deno.FsFile,
  options: { path: string; operation: string; size?: number },
): LastRecord {
  const { size = file.statSync().size } = options;
  const wholeBytes = endOfLastLine(file, size);
  let end = wholeBytes;
  while (end > 0) {
    const start = endOfLastLine(file, end - 1);
    const line = new TextDecoder().decode(readRange(file, start, end - 1));
    if (!isBlankLine(line)) {
      const record = parseRecordLine<RecordHead>(line);
      if (typeof record !== "string") return { lastId: record.id, wholeBytes, size };
      throw storeCorrupt(options.operation, options.path, record, {
        line: lineNumberAt(file, start),
      });
    }
    end = start;
  }
  return { lastId: 0, wholeBytes, size };
}

/**
 * Returns the number of the line at an offset. Reads the file up to it, so use it only for errors.
 *
 * @param file The file. Its position is moved.
 * @param start Offset of the line.
 * @returns Its number, from 1.
 */
export function lineNumberAt(file: Deno.FsFile, start: number): number {
  let lines = 1;
  for (let position = 0; position < start; position += BLOCK_BYTES) {
    const block = readRange(file, position, Math.min(start, position + BLOCK_BYTES));
    for (let at = block.indexOf(NEWLINE); at >= 0; at = block.indexOf(NEWLINE, at + 1)) lines++;
  }
  return lines;
}

const BLOCK_BYTES = 65_536;

/**
 * Returns the end of the last complete line before an offset.
 *
 * @param file The file. Its position is moved.
 * @param end The offset.
 * @returns Offset after the last newline before `end`; 0 if there is none.
 */
export function endOfLastLine(file: Deno.FsFile, end: number): number {
  for (let blockEnd = end; blockEnd > 0;) {
    const blockStart = Math.max(0, blockEnd - BLOCK_BYTES);
    const index = readRange(file, blockStart, blockEnd).lastIndexOf(NEWLINE);
    if (index >= 0) return blockStart + index + 1;
    blockEnd = blockStart;
  }
  return 0;
}
