/**
 * The end of the audit log, and what is appended to it.
 *
 * @module
 */

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

/** Where a log ends. */
export interface ChainEnd {
  /** Bytes of the file that is written. */
  readonly size: number;
  /** Which file that is, where the system numbers them. */
  readonly inode: number | null;
  /** Hash of the last record; zeros where there is none. */
  readonly head: string;
}

/**
 * Appends acts to the audit log, each chained to the one before. Their lines are in the file when
 * this returns, and no kill of this program loses them.
 *
 * What a writer before left unfinished is moved to `audit.jsonl.torn` first, and that is put on
 * record too. A file that is full is renamed to {@linkcode nextAuditFile}, and the chain goes on in a
 * new one.
 *
 * @param path The log. It is created where it is not there.
 * @param entries The acts, oldest first. The caller holds the log's lock.
 * @param options `known`: where the log ended when the caller saw it last; the file is read only if
 * it is another one by now. `actor`: who appends. `fileBytes`: size from which a file is full.
 * @returns Where the log ends now.
 * @throws {HaleError} `store_io` If the system refuses it: the log is as it was.
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
      const found = findEnd(file, path);
      end = found;
      if (found.setAside > 0) recovered.push(recovery(found.setAside, actor));
    }
    const all = [...recovered, ...entries];
    if (end.size < fileBytes) return write(file, end, all);
    file.syncSync(); // The chain goes on from its last record.
    Deno.renameSync(path, nextAuditFile(path));
    using next = openLog(path);
    return write(next, { size: 0, inode: next.statSync().ino, head: end.head }, all);
  } catch (error) {
    throw storeIo("append to the audit log", path, error);
  }
}

function openLog(path: string): Deno.FsFile {
  const options = { read: true, write: true, create: true, mode: 0o600 };
  const file = ifThere(() => Deno.openSync(path, options));
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
    // A full disk: nothing may follow half a line. Where not even this works, the next append
    // finds the torn line.
    file.truncateSync(end.size);
    throw error;
  }
  return { ...end, size: end.size + bytes.length, head };
}

function findEnd(file: Deno.FsFile, path: string): ChainEnd & { readonly setAside: number } {
  const { size, ino: inode } = file.statSync();
  const lines = linesFromEnd(file);
  const last = lines.next().value ?? null;
  if (last === null) return { size, inode, head: headBefore(path), setAside: 0 };
  if (last.ended) return { size, inode, head: hashOf(last.text), setAside: 0 };
  const before = lines.next().value ?? null;
  const head = before === null ? headBefore(path) : hashOf(before.text);
  if (isNext(last.text, head)) {
    file.seekSync(size, Deno.SeekMode.Start);
    writeAllSync(file, LINE_END);
    return { size: size + 1, inode, head: hashOf(last.text), setAside: 0 };
  }
  // Copied and synced first, then cut off: after a kill in between, the bytes are in both files.
  quarantineBytes(`${path}.torn`, last.bytes);
  file.truncateSync(last.start);
  return { size: last.start, inode, head, setAside: last.bytes.length };
}

/** Hash of the last record before the file that is written; zeros where there is none. */
function headBefore(path: string): string {
  for (const full of fullAuditFiles(path).reverse()) {
    using file = Deno.openSync(full);
    const last = linesFromEnd(file).next().value ?? null;
    if (last !== null) return hashOf(last.text);
  }
  return NO_RECORD;
}

const LINE_END = new TextEncoder().encode("\n");

/** Whether a line without its end is a whole record all the same, and the one that follows `head`. */
function isNext(line: string, head: string): boolean {
  const parsed = parseAuditLine(line);
  return typeof parsed !== "string" && parsed.record.prev === head &&
    parsed.record.hash === sha256Hex(parsed.contents);
}

/** Of a last line that is no record there is no hash to go on from but its own; a check tells. */
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
      reason: `${bytes} bytes of a line that was never finished were moved to audit.jsonl.torn`,
    },
  };
}
