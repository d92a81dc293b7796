/**
 * Recovers a file of records after its writer was killed or the power was cut.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import type { RecordHead } from "../../model/records.ts";
import { NEWLINE } from "../../files/line_splitter.ts";
import { endOfLastLine, lineNumberAt, readLastRecord } from "./last_record.ts";
import { readRange } from "../../files/read_from.ts";
import { parseRecordLine } from "./record_line.ts";
import { firstRecordId } from "./search_log.ts";
import { concat } from "@std/bytes/concat";
import { quarantineBytes } from "../../files/quarantine.ts";
import { storeCorrupt, unreadable } from "../../files/io_error.ts";
import { writeAllSync } from "../../files/write_all.ts";

/** A file to which records can be appended. */
export interface RecoveredLog {
  /** Id of the first record; null if there is none, or the first line is not a record. */
  readonly firstId: number | null;
  /** Id of the last record; 0 if there is none. */
  readonly lastId: number;
  readonly size: number;
  /** The bytes that were moved out of the file; null if there were none. */
  readonly quarantined: Quarantined | null;
}

/** Bytes that were moved from a log to a quarantine file. */
export interface Quarantined {
  /** The quarantine file. */
  readonly path: string;
  readonly bytes: number;
  /** Id of the record before them; 0 if there was none. */
  readonly after: number;
}

/**
 * Recovers the end of a file of records. Only the single writer of the file may call this.
 *
 * If the last line is a complete record that lacks only its newline, the newline is added. Any other
 * unfinished line was never acknowledged: it is moved to `<file>.torn`. So are zeros, which a power cut
 * leaves if the size of the file was on disk before its contents; complete records after them stay.
 *
 * @param path The file.
 * @param operation What the caller does, for the error message.
 * @returns The state of the recovered file.
 * @throws {HaleError} `store_corrupt` If the last complete line is not a record, or the last ids do not
 * increase; nothing is then changed. `store_io` if a file cannot be read or written.
 */
export function recoverLog(path: string, operation: string): RecoveredLog {
  try {
    using file = Deno.openSync(regularFile(path), { read: true, write: true });
    const { size } = file.statSync();
    const hole = startOfHole(file, size);
    const end = readLastRecord(file, { path, operation, size: hole ?? size });
    checkOrder(file, { path, operation, end: end.wholeBytes });
    const from = hole ?? end.wholeBytes;
    const tail = readRange(file, from, size);
    const quarantined = tail.length === 0 ? null : moveTail(file, { tail, from, path }, end.lastId);
    const now = readLastRecord(file, { path, operation });
    return {
      firstId: firstRecordId(file, now.size),
      lastId: now.lastId,
      size: now.size,
      quarantined,
    };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw unreadable(operation, path, error);
    return { firstId: null, lastId: 0, size: 0, quarantined: null };
  }
}

/** Lines at the end of a log whose order is checked when it is opened. */
const ORDER_BYTES = 65_536;

/**
 * Checks that the last ids increase. After lines that a person put there, such as a copy of older ones,
 * the next record would get an id that another one has, and readers would refuse it.
 */
function checkOrder(
  file: Deno.FsFile,
  { path, operation, end }: { path: string; operation: string; end: number },
): void {
  const start = Math.max(0, end - ORDER_BYTES);
  const bytes = readRange(file, start, end);
  const decoder = new TextDecoder();
  let previousId = 0;
  let at = start === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
  if (seemsOrdered(bytes, at)) return;
  for (let to = bytes.indexOf(NEWLINE, at); to >= 0; to = bytes.indexOf(NEWLINE, at)) {
    const record = parseRecordLine<RecordHead>(decoder.decode(bytes.subarray(at, to)));
    // What is no record is reported where it is read.
    if (typeof record !== "string") {
      if (record.id <= previousId) {
        const line = lineNumberAt(file, start + at);
        const detail = `its id ${record.id} follows the id ${previousId}`;
        throw storeCorrupt(operation, path, detail, { line });
      }
      previousId = record.id;
    }
    at = to + 1;
  }
}

/** How hale begins each record, and enough bytes of a line for that. */
const RECORD_START = /^\{"id":([0-9]{1,16}),/;
const RECORD_START_BYTES = 32;

/** Whether each line begins as a record with a higher id: a tenth of the work of parsing them. */
function seemsOrdered(bytes: Uint8Array, from: number): boolean {
  const decoder = new TextDecoder();
  let previousId = 0;
  for (let at = from, to; (to = bytes.indexOf(NEWLINE, at)) >= 0; at = to + 1) {
    const start = decoder.decode(bytes.subarray(at, Math.min(to, at + RECORD_START_BYTES)));
    const id = Number(RECORD_START.exec(start)?.[1] ?? 0);
    if (id <= previousId) return false;
    previousId = id;
  }
  return true;
}

/** More than is ever unsynced: each append requests a sync. */
const UNSYNCED_BYTES = 1024 * 1024;

/** Returns the start of the line in which zeros near the end begin; null if there are none. */
function startOfHole(file: Deno.FsFile, size: number): number | null {
  let zero: number | null = null;
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - UNSYNCED_BYTES);
    const at = readRange(file, start, end).indexOf(0); // JSON writes a zero as \u0000.
    if (at < 0) break;
    zero = start + at;
    end = start;
  }
  return zero === null ? null : endOfLastLine(file, zero);
}

/** Moves all bytes of a tail that are not records to quarantine. Keeps the records. */
function moveTail(
  file: Deno.FsFile,
  torn: { tail: Uint8Array; from: number; path: string },
  lastId: number,
): Quarantined | null {
  const { tail, from, path } = torn;
  const { kept, rest } = sortLines(tail, lastId);
  if (rest.length === 0) {
    // Only the newline of the last line is missing.
    file.seekSync(from + tail.length, Deno.SeekMode.Start);
    writeAllSync(file, kept.subarray(tail.length));
    return null;
  }
  const quarantined = { path: `${path}.torn`, bytes: rest.length, after: lastId };
  // Copied and synced first, then truncated: after a kill in between, the bytes are in both files.
  // Records that are kept are copied too, because the truncation removes them for a moment.
  quarantineBytes(quarantined.path, kept.length === 0 ? rest : tail);
  file.truncateSync(from);
  file.seekSync(from, Deno.SeekMode.Start);
  writeAllSync(file, kept);
  return quarantined;
}

/** Separates records with increasing ids from other bytes. Adds missing newlines to records. */
function sortLines(tail: Uint8Array, lastId: number): { kept: Uint8Array; rest: Uint8Array } {
  const kept: Uint8Array[] = [];
  const rest: Uint8Array[] = [];
  let previousId = lastId;
  for (const piece of pieces(tail)) {
    // A record ends with its closing brace, so a part of one never parses as JSON.
    const record = parseRecordLine<RecordHead>(new TextDecoder().decode(piece));
    if (typeof record === "string" || record.id <= previousId) {
      rest.push(piece);
      continue;
    }
    previousId = record.id;
    kept.push(piece);
    if (piece.at(-1) !== NEWLINE) kept.push(LINE_END);
  }
  return { kept: concat(kept), rest: concat(rest) };
}

/** Splits a tail into lines with line ends. Zeros are separate pieces: they may replace a newline. */
function* pieces(tail: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < tail.length;) {
    let end = start;
    while (tail[end] === 0) end++;
    if (end === start) {
      const found = tail.subarray(start).findIndex((byte) => byte === NEWLINE || byte === 0);
      end = found < 0 ? tail.length : start + found + (tail[start + found] === 0 ? 0 : 1);
    }
    yield tail.subarray(start, end);
    start = end;
  }
}

const LINE_END = new Uint8Array([NEWLINE]);
