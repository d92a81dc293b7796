/**
 * Checks a whole log of records, and quarantines broken lines.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import type { RecordHead } from "../../model/records.ts";
import { writeFileDurableSync } from "../../files/atomic_file.ts";
import { type Line, LineReader } from "./line_reader.ts";
import { NEWLINE } from "../../files/line_splitter.ts";
import { SegmentReader } from "./segment_reader.ts";
import { isBlankLine, parseRecordLine } from "./record_line.ts";
import { concat } from "@std/bytes/concat";
import { quarantineBytes } from "../../files/quarantine.ts";
import { unreadable } from "../../files/io_error.ts";

/** A broken line of a log. */
export interface LogFault {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** What is wrong with it, as the end of a sentence. */
  readonly detail: string;
}

/** Result of checking a log. */
export interface LogReport {
  readonly records: number;
  readonly bytes: number;
  /** ISO 8601 time of the newest record; null if there is none. */
  readonly newestAt: string | null;
  readonly faults: readonly LogFault[];
  /** Last lines without a newline. */
  readonly torn: readonly TornLine[];
}

/** An unfinished last line: a process is writing it, or was killed while writing. */
export interface TornLine {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Checks all segments of a log. Nothing is written. An unfinished last line is not a fault: the next
 * writer quarantines it.
 *
 * @param path The log. A missing log has no records.
 * @param operation What the caller does, for the error message.
 * @returns The result.
 * @throws {HaleError} `store_io` or `store_corrupt` If a file cannot be read.
 */
export async function checkLog(path: string, operation: string): Promise<LogReport> {
  const faults: LogFault[] = [];
  let records = 0;
  let bytes = 0;
  let newestAt: string | null = null;
  const torn: TornLine[] = [];
  for await (const { record, fault, size } of checkLines(path, { operation, torn })) {
    bytes += size;
    if (fault !== null) faults.push(fault);
    if (record === null) continue;
    records++;
    newestAt = record.at;
  }
  return { records, bytes, newestAt, faults, torn };
}

/**
 * Moves broken lines of a file of records to `<file>.torn` beside it. Only the single writer of the log
 * may call this.
 *
 * @param path The file.
 * @param lines Numbers of the lines, from 1.
 * @param operation What the caller does, for the error message.
 * @returns The path to which they were moved.
 * @throws {HaleError} `store_io` If a file cannot be written. The log is then unchanged.
 */
export function quarantineLines(
  path: string,
  lines: ReadonlySet<number>,
  operation: string,
): string {
  const aside = `${path}.torn`;
  try {
    const kept: Uint8Array[] = [];
    const moved: Uint8Array[] = [];
    for (const [index, line] of splitLines(Deno.readFileSync(regularFile(path))).entries()) {
      (lines.has(index + 1) ? moved : kept).push(line);
    }
    // Copied and synced first, then removed: after a kill in between, the lines are in both files.
    quarantineBytes(aside, concat(moved));
    writeFileDurableSync(path, concat(kept), operation);
    return aside;
  } catch (error) {
    throw unreadable(operation, path, error);
  }
}

/** Splits a file into lines with line ends. */
function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}

interface CheckedLine {
  readonly size: number;
  readonly record: RecordHead | null;
  readonly fault: LogFault | null;
}

/** Checks each complete line of a log. Adds unfinished lines to `torn`. */
async function* checkLines(
  path: string,
  { operation, torn }: { operation: string; torn: TornLine[] },
): AsyncGenerator<CheckedLine> {
  let log: SegmentReader;
  try {
    log = SegmentReader.open(path, 0);
  } catch (error) {
    throw unreadable(operation, path, error);
  }
  using parts = log;
  let previousId = 0;
  for (const { path: file, file: handle, size } of parts.parts) {
    const reader = new LineReader(handle, 0, size);
    let line = await nextLine(reader, { file, operation });
    let end = 0;
    for (let number = 1; line !== null; number++) {
      const next = await nextLine(reader, { file, operation });
      const { record, detail } = checkLine(line, next, previousId);
      if (record !== null) previousId = record.id;
      const fault = detail === null ? null : { path: file, line: number, detail };
      yield { size: line.end - line.start, record, fault };
      end = line.end;
      line = next;
    }
    if (end < size) torn.push({ path: file, bytes: size - end });
  }
}

async function nextLine(
  reader: LineReader,
  at: { file: string; operation: string },
): Promise<Line | null> {
  try {
    return await reader.next();
  } catch (error) {
    throw unreadable(at.operation, at.file, error);
  }
}

/** Returns the record of a line, or what is wrong with the line; neither for a blank line. */
function checkLine(
  line: Line,
  next: Line | null,
  previousId: number,
): { record: RecordHead | null; detail: string | null } {
  if (isBlankLine(line.text)) return { record: null, detail: null };
  const record = parseRecordLine<RecordHead>(line.text);
  if (typeof record === "string") return { record: null, detail: record };
  if (record.id <= previousId) {
    return { record: null, detail: `its id ${record.id} follows the id ${previousId}` };
  }
  const following = next === null ? "none" : parseRecordLine<RecordHead>(next.text);
  // If the id is also too high for the next record, this line is the broken one, not all that follow.
  const isTooHigh = typeof following !== "string" && following.id > previousId &&
    following.id < record.id;
  return isTooHigh
    ? { record: null, detail: `its id ${record.id} is before the id ${following.id}` }
    : { record, detail: null };
}
