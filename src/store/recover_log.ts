/**
 * Making a log of records whole after its writer was killed or the power was cut.
 *
 * @module
 */

import { type LogEnd, readLogEnd, readRange } from "./log_end.ts";
import { parseRecordLine } from "./record_line.ts";
import { unreadable } from "./store_error.ts";

/** A log that records can be appended to. */
export interface RecoveredLog {
  /** Id of the last record; 0 where there is none. */
  readonly lastId: number;
  readonly size: number;
  /** The torn last line that was moved out of the log, where there was one. */
  readonly setAside: { readonly path: string; readonly bytes: number } | null;
}

/**
 * Makes the end of a log whole. For the one writer of it alone.
 *
 * A last line without its end that is a whole record gets its end. Any other was never acknowledged:
 * it is appended to `<log>.torn` and cut off.
 *
 * @param path The log.
 * @param operation What it is for, in case of an error.
 * @returns The log as it is now.
 * @throws {HaleError} `store_corrupt` If the last whole line is no record: nothing is changed then;
 * `store_io` if the system refuses to read or to write.
 */
export function recoverLog(path: string, operation: string): RecoveredLog {
  try {
    using file = Deno.openSync(path, { read: true, write: true });
    const end = readLogEnd(file, { path, operation });
    if (end.wholeBytes === end.size) return whole(end.lastId, end.size);
    const tail = readRange(file, end.wholeBytes, end.size);
    return complete(file, end, tail) ?? setAside(file, end, { tail, path: `${path}.torn` });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return whole(0, 0);
    throw unreadable(operation, path, error);
  }
}

function complete(file: Deno.FsFile, end: LogEnd, tail: Uint8Array): RecoveredLog | null {
  // A record ends with its closing brace, so half of one is never mistaken for a whole one.
  const record = parseRecordLine(new TextDecoder().decode(tail));
  if (typeof record === "string" || record.id <= end.lastId) return null;
  file.seekSync(end.size, Deno.SeekMode.Start);
  file.writeSync(LINE_END);
  return whole(record.id, end.size + LINE_END.length);
}

function setAside(
  file: Deno.FsFile,
  end: LogEnd,
  torn: { tail: Uint8Array; path: string },
): RecoveredLog {
  // First on disk there, then cut off here: killed in between, it stands in both, never in none.
  using aside = Deno.openSync(torn.path, { append: true, create: true, mode: 0o600 });
  writeAll(aside, torn.tail);
  writeAll(aside, LINE_END);
  aside.syncSync();
  file.truncateSync(end.wholeBytes);
  return {
    ...whole(end.lastId, end.wholeBytes),
    setAside: { path: torn.path, bytes: torn.tail.length },
  };
}

const LINE_END = new Uint8Array([0x0a]);

function whole(lastId: number, size: number): RecoveredLog {
  return { lastId, size, setAside: null };
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
}
