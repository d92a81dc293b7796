/**
 * The end of a file of records, found from behind: how long the log is does not matter.
 *
 * @module
 */

import type { RecordHead } from "../../model/records.ts";
import { NEWLINE } from "../../files/newline.ts";
import { isBlankLine, parseRecordLine } from "./record_line.ts";
import { storeCorrupt } from "../../files/io_error.ts";
import { readRange } from "../../files/read_from.ts";

/** Where a file of records ends. */
export interface LastRecord {
  /** Id of the last whole record; 0 where there is none. */
  readonly lastId: number;
  /** Bytes up to and with the last newline. */
  readonly wholeBytes: number;
  /** All bytes: what is beyond `wholeBytes` is a line without its end. */
  readonly size: number;
}

/**
 * Finds the end of a file of records.
 *
 * @param file The file, open for reading.
 * @param options Its `path` and the `operation`, in case of an error. `size`: bytes of it to look at
 * (default: all).
 * @returns Where it ends.
 * @throws {HaleError} `store_corrupt` If the last whole line is no record.
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
 * The number of the line that begins at a byte. It reads all that is before: for errors alone.
 *
 * @param file The file. Its position is moved.
 * @param start Where the line begins.
 * @returns Its number, counted from 1.
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
 * Where the last whole line of a part of a file ends.
 *
 * @param file The file. Its position is moved.
 * @param end Byte after the part, which begins with the file.
 * @returns Byte after the last newline before `end`; 0 where there is none.
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
