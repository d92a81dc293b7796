/**
 * Looking through a whole log of records, and setting aside what does not belong there.
 *
 * @module
 */

import type { RecordHead } from "../../model/records.ts";
import { writeFileDurableSync } from "../../files/atomic_file.ts";
import { type Line, LineReader } from "./line_reader.ts";
import { NEWLINE } from "../../files/newline.ts";
import { SegmentReader } from "./segment_reader.ts";
import { isBlankLine, parseRecordLine } from "./record_line.ts";
import { concat } from "@std/bytes/concat";
import { quarantineBytes } from "../../files/quarantine.ts";
import { unreadable } from "../../files/io_error.ts";

/** One line that does not belong into a log. */
export interface LogFault {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** What is wrong, as the end of a sentence. */
  readonly detail: string;
}

/** What a log holds. */
export interface LogReport {
  readonly records: number;
  readonly bytes: number;
  /** ISO 8601 time of the newest record; null where there is none. */
  readonly newestAt: string | null;
  readonly faults: readonly LogFault[];
  /** Lines that have no end. */
  readonly torn: readonly TornLine[];
}

/** A last line without its end: somebody is writing it, or was killed doing so. */
export interface TornLine {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Looks through a log, all of its segments. Nothing is written. A last line without its end is no
 * fault: whoever opens the log sets it aside.
 *
 * @param path The log. One that is not there holds nothing.
 * @param operation What it is for, in case of an error.
 * @returns What it holds.
 * @throws {HaleError} `store_io` or `store_corrupt` If a file cannot be read.
 */
export async function checkLog(path: string, operation: string): Promise<LogReport> {
  const faults: LogFault[] = [];
  let records = 0;
  let bytes = 0;
  let newestAt: string | null = null;
  const torn: TornLine[] = [];
  for await (const { record, fault, size } of judgedLines(path, { operation, torn })) {
    bytes += size;
    if (fault !== null) faults.push(fault);
    if (record === null) continue;
    records++;
    newestAt = record.at;
  }
  return { records, bytes, newestAt, faults, torn };
}

/**
 * Moves lines that do not belong into a file of records to `<file>.torn` beside it. For the one
 * writer of the log alone.
 *
 * @param path The file.
 * @param lines Numbers of the lines, counted from 1.
 * @param operation What it is for, in case of an error.
 * @returns Where they are now.
 * @throws {HaleError} `store_io` If the system refuses: the file is as it was.
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
    for (const [index, line] of splitLines(Deno.readFileSync(path)).entries()) {
      (lines.has(index + 1) ? moved : kept).push(line);
    }
    // First on disk there, then gone here: killed in between, a line stands in both.
    quarantineBytes(aside, concat(moved));
    writeFileDurableSync(path, concat(kept), operation);
    return aside;
  } catch (error) {
    throw unreadable(operation, path, error);
  }
}

/** The lines of a file with their ends. */
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

interface JudgedLine {
  readonly size: number;
  readonly record: RecordHead | null;
  readonly fault: LogFault | null;
}

/** Every whole line of a log with what it is. Others are added to `torn`. */
async function* judgedLines(
  path: string,
  { operation, torn }: { operation: string; torn: TornLine[] },
): AsyncGenerator<JudgedLine> {
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
      const judgement = judge(line, next, previousId);
      const { record, detail } = judgement;
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

/** What one line is: a record, nothing, or wrong, with the end of a sentence that says how. */
function judge(
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
  // Of two that do not rise, the one that leaps ahead is wrong, or all that follow it would be.
  const leaps = typeof following !== "string" && following.id > previousId &&
    following.id <= record.id;
  return leaps
    ? { record: null, detail: `its id ${record.id} stands before the id ${following.id}` }
    : { record, detail: null };
}
