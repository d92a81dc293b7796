/**
 * Making a file of records whole after its writer was killed or the power was cut.
 *
 * @module
 */

import type { RecordHead } from "../../model/records.ts";
import { NEWLINE } from "../../files/newline.ts";
import { endOfLastLine, readLastRecord } from "./last_record.ts";
import { readRange } from "../../files/read_from.ts";
import { parseRecordLine } from "./record_line.ts";
import { firstRecordId } from "./search_log.ts";
import { concat } from "@std/bytes/concat";
import { quarantineBytes } from "../../files/quarantine.ts";
import { unreadable } from "../../files/io_error.ts";
import { writeAllSync } from "../../files/write_all.ts";

/** A file that records can be appended to. */
export interface RecoveredLog {
  /** Id of the first record; null where there is none, or the first line is no record. */
  readonly firstId: number | null;
  /** Id of the last record; 0 where there is none. */
  readonly lastId: number;
  readonly size: number;
  /** What was moved out of the file, where something was. */
  readonly setAside: Quarantined | null;
}

/** Something that was moved out of a log into a file beside it. */
export interface Quarantined {
  /** The file that it stands in now. */
  readonly path: string;
  readonly bytes: number;
  /** The record after which it stood; 0 where it was the first. */
  readonly after: number;
}

/**
 * Makes the end of a file of records whole. For the one writer of it alone.
 *
 * A last line without its end that is a whole record gets its end. Any other was never acknowledged:
 * it is appended to `<file>.torn` and cut off. So are zeros, which a power cut leaves where the size
 * of the file was on disk before its contents; whole records that follow them stay.
 *
 * @param path The file.
 * @param operation What it is for, in case of an error.
 * @returns The file as it is now.
 * @throws {HaleError} `store_corrupt` If the last whole line is no record: nothing is changed then;
 * `store_io` if the system refuses to read or to write.
 */
export function recoverLog(path: string, operation: string): RecoveredLog {
  try {
    using file = Deno.openSync(path, { read: true, write: true });
    const { size } = file.statSync();
    const hole = startOfHole(file, size);
    const end = readLastRecord(file, { path, operation, size: hole ?? size });
    const from = hole ?? end.wholeBytes;
    const tail = readRange(file, from, size);
    const setAside = tail.length === 0 ? null : moveTail(file, { tail, from, path }, end.lastId);
    const now = readLastRecord(file, { path, operation });
    return {
      firstId: firstRecordId(file, now.size),
      lastId: now.lastId,
      size: now.size,
      setAside,
    };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw unreadable(operation, path, error);
    return { firstId: null, lastId: 0, size: 0, setAside: null };
  }
}

/** More than a disk is ever behind with: each append asks for a sync, and waits for none. */
const UNSYNCED_BYTES = 1024 * 1024;

/** The start of the line in which zeros begin, near the end; null where there are none. */
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

/** Moves all of a tail out of the file that is no record, and keeps what is. */
function moveTail(
  file: Deno.FsFile,
  torn: { tail: Uint8Array; from: number; path: string },
  lastId: number,
): Quarantined | null {
  const { tail, from, path } = torn;
  const { kept, rest } = sortLines(tail, lastId);
  if (rest.length === 0) {
    // Nothing but the end of the last line is missing.
    file.seekSync(from + tail.length, Deno.SeekMode.Start);
    writeAllSync(file, kept.subarray(tail.length));
    return null;
  }
  const setAside = { path: `${path}.torn`, bytes: rest.length, after: lastId };
  // First on disk there, then cut off here: killed in between, it stands in both, never in none.
  // What is kept leaves the file for a moment too.
  quarantineBytes(setAside.path, kept.length === 0 ? rest : tail);
  file.truncateSync(from);
  file.seekSync(from, Deno.SeekMode.Start);
  writeAllSync(file, kept);
  return setAside;
}

/** Tells records with rising ids from all else. A record's missing line end is added. */
function sortLines(tail: Uint8Array, lastId: number): { kept: Uint8Array; rest: Uint8Array } {
  const kept: Uint8Array[] = [];
  const rest: Uint8Array[] = [];
  let previousId = lastId;
  for (const piece of pieces(tail)) {
    // A record ends with its closing brace, so half of one is never mistaken for a whole one.
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

/** The lines of a tail with their ends. Zeros stand alone: they may have taken the end of a line. */
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
