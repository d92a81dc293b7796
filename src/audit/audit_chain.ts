/**
 * Appends to the end of the audit log.
 *
 * @module
 */

import { regularFile } from "../files/regular_file.ts";
import type { Actor } from "../model/audit_record.ts";
import { dirname } from "../platform/path.ts";
import { fullAuditFiles, nextAuditFile } from "./audit_files.ts";
import { storeIo } from "../files/io_error.ts";
import { type DatedEntry, formatAuditLine, NO_RECORD, parseAuditLine } from "./audit_line.ts";
import { linesFromEnd } from "../files/lines_from_end.ts";
import { sha256Hex } from "../files/sha256_text.ts";
import { quarantineBytes } from "../files/quarantine.ts";
import { writeAllSync } from "../files/write_all.ts";
import { ifThere } from "../files/if_there.ts";
import { renameSync } from "../platform/retry_while_held.ts";

/** End of a log. */
export interface ChainEnd {
  /** Bytes of the active file. */
  readonly size: number;
  /** Inode of the active file; null if the system has none. */
  readonly inode: number | null;
  /** Hash of the last record; zeros if there is none. */
  readonly head: string;
}

/**
 * Appends records to the audit log, each chained to the previous one. They are in the file when this
 * returns, so a kill of this process does not lose them.
 *
 * An unfinished line of an earlier writer is first moved to `audit.jsonl.torn`, which is recorded too. A
 * full file is renamed to {@linkcode nextAuditFile}, and the chain continues in a new file.
 *
 * @param path The log. Created if missing.
 * @param entries The entries, oldest first. The caller holds the log's lock.
 * @param options `known`: end of the log after the caller's last append; the file is read only if it
 * has changed since. `actor`: who appends. `fileBytes`: size from which a file is full.
 * @returns The new end of the log.
 * @throws {HaleError} `store_io` If the records cannot be written. The log is then unchanged.
 */
export function appendToChain(
  path: string,
  entries: readonly DatedEntry[],
  options: {
    readonly known: ChainEnd | null;
    readonly actor: Actor;
    readonly fileBytes: number;
  },
): ChainEnd {
  const { known, actor, fileBytes } = options;
  try {
    using file = openLog(path);
    const { size, ino } = file.statSync();
    let end = known;
    const recovered: DatedEntry[] = [];
    if (end === null || end.size !== size || end.inode !== ino) {
      const recoveredEnd = recoverEnd(file, path);
      end = recoveredEnd;
      const { quarantinedBytes } = recoveredEnd;
      if (quarantinedBytes > 0) recovered.push(recovery(quarantinedBytes, actor));
    }
    const all = [...recovered, ...entries];
    if (end.size < fileBytes) return write(file, end, all);
    file.syncSync(); // The chain continues from its last record.
    renameSync(path, nextAuditFile(path));
    using next = openLog(path);
    return write(next, { size: 0, inode: next.statSync().ino, head: end.head }, all);
  } catch (error) {
    throw storeIo("append to the audit log", path, error);
  }
}

function openLog(path: string): Deno.FsFile {
  const options = { read: true, write: true, create: true, mode: 0o600 };
  const file = ifThere(() => Deno.openSync(regularFile(path), options));
  if (file !== null) return file;
  Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return Deno.openSync(path, options);
}

function write(file: Deno.FsFile, end: ChainEnd, entries: readonly DatedEntry[]): ChainEnd {
  let { head } = end;
  let text = "";
  for (const entry of entries) {
    const { line, hash } = formatAuditLine(entry, head);
    text += `${line}\n`;
    head = hash;
  }
  const bytes = new TextEncoder().encode(text);
  try {
    file.seekSync(end.size, Deno.SeekMode.Start);
    writeAllSync(file, bytes);
  } catch (error) {
    // Such as a full disk: nothing may follow a partial line. If this fails too, the next append
    // quarantines the line.
    file.truncateSync(end.size);
    throw error;
  }
  return { ...end, size: end.size + bytes.length, head };
}

function recoverEnd(
  file: Deno.FsFile,
  path: string,
): ChainEnd & { readonly quarantinedBytes: number } {
  const { size, ino: inode } = file.statSync();
  const lines = linesFromEnd(file);
  const last = lines.next().value ?? null;
  if (last === null) return { size, inode, head: headBefore(path), quarantinedBytes: 0 };
  if (last.ended) return { size, inode, head: hashOf(last.text), quarantinedBytes: 0 };
  const before = lines.next().value ?? null;
  const head = before === null ? headBefore(path) : hashOf(before.text);
  if (isNext(last.text, head)) {
    file.seekSync(size, Deno.SeekMode.Start);
    writeAllSync(file, LINE_END);
    return { size: size + 1, inode, head: hashOf(last.text), quarantinedBytes: 0 };
  }
  // Copied and synced first, then cut off: after a kill in between, the bytes are in both files.
  quarantineBytes(`${path}.torn`, last.bytes);
  file.truncateSync(last.start);
  return { size: last.start, inode, head, quarantinedBytes: last.bytes.length };
}

/** Hash of the last record in the full files; zeros if there is none. */
function headBefore(path: string): string {
  for (const full of fullAuditFiles(path).reverse()) {
    using file = Deno.openSync(regularFile(full));
    const last = linesFromEnd(file).next().value ?? null;
    if (last !== null) return hashOf(last.text);
  }
  return NO_RECORD;
}

const LINE_END = new TextEncoder().encode("\n");

/** Whether a line that lacks only its newline is a complete record, and follows `head`. */
function isNext(line: string, head: string): boolean {
  const parsed = parseAuditLine(line);
  return typeof parsed !== "string" && parsed.record.prev === head &&
    parsed.record.hash === sha256Hex(parsed.contents);
}

/** A broken last line is chained by the hash of its text; `hale audit --verify` reports it. */
function hashOf(line: string): string {
  const parsed = parseAuditLine(line);
  return typeof parsed === "string" ? sha256Hex(line) : parsed.record.hash;
}

function recovery(bytes: number, actor: Actor): DatedEntry {
  return {
    epochSecs: Math.floor(Date.now() / 1000),
    entry: {
      server: "hale",
      action: "recover",
      actor,
      reason: `${bytes} bytes of an unfinished line were moved to audit.jsonl.torn`,
    },
  };
}
