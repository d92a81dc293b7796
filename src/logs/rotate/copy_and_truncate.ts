/**
 * Rotating a log that somebody holds open and goes on writing to.
 *
 * @module
 */

import type { HaleError } from "../../errors.ts";
import { copyPath, makeRoom, numberedPath } from "../layout/log_files.ts";
import type { RotatingLog } from "./rotating_log.ts";
import { logEmptied } from "../layout/log_error.ts";
import { type LogLimits, mostRotatedBytes } from "../layout/log_limits.ts";
import { removeIfThere } from "../../files/remove_if_there.ts";
import { ifThere } from "../../files/if_there.ts";
import { writeAll, writeAllSync } from "../../files/write_all.ts";
import { NEWLINE } from "../../files/newline.ts";

const BLOCK_BYTES = 256 * 1024;

/** A line is not looked for further than this: it has no end then. */
const LINE_BYTES = 65_536;

/** What is left for the last step, in which nothing else is done. */
const FEW_BYTES = 65_536;

/** The last step copies so much, or as much as a log may hold, where that is more. */
const MAX_LAST_BYTES = 1024 * 1024;

/**
 * Copies a log to its newest rotated file and truncates it: whoever holds it open does not notice,
 * because it is open for appending.
 *
 * What is written between the last read, which finds nothing more, and the truncation is lost: a few
 * microseconds, for which no system has a better way. `scripts/bench/logs.ts` measures it.
 *
 * Of a log larger than all rotated files together may be, only the end is copied, and where it has
 * filled its disk, so that not even that can be copied, nothing is kept of it. A program that writes
 * faster than a disk copies loses what the copy did not get to.
 *
 * @param log The log.
 * @param limits How much is kept.
 * @param signal Ends it, quietly: the log stays as it is. Nothing ends the last step.
 * @returns Null, or the error that says that the log had to be emptied.
 */
export async function copyAndTruncate(
  log: RotatingLog,
  limits: LogLimits,
  signal: AbortSignal,
): Promise<HaleError | null> {
  using file = openToTruncate(log.path);
  if (file === null) return null;
  const { size } = file.statSync();
  const most = mostRotatedBytes(limits);
  if (limits.keep === 0) {
    empty(file, log);
    return null;
  }
  const from = size <= most ? 0 : startOfLine(file, size - most);
  // Before the copy: a full disk may have room for it then.
  log.dropOldest({ files: limits.keep - 1, bytes: most - (size - from) });
  using copy = Deno.openSync(copyPath(log.path), {
    write: true,
    create: true,
    truncate: true,
    mode: 0o600,
  });
  try {
    await copyMost(file, copy, { from, most, signal });
    // The log stays truncated after a power cut: the copy must be on the disk by then.
    await copy.syncData();
  } catch (error) {
    removeIfThere(copyPath(log.path));
    const fillsDisk = isDiskFull(error) && size > most + limits.max_size_bytes;
    if (!fillsDisk) throw error;
    empty(file, log);
    return logEmptied(log.path, size, error);
  }
  if (signal.aborted) removeIfThere(copyPath(log.path));
  else finish(file, copy, { log, from, limits });
  return null;
}

/** The last step, which nothing interrupts. */
function finish(
  file: Deno.FsFile,
  copy: Deno.FsFile,
  { log, from, limits }: { log: RotatingLog; from: number; limits: LogLimits },
): void {
  const { base, older } = log.layout;
  log.announce({ kind: "copied", from: base + from });
  const end = copyRest(file, copy, Math.max(MAX_LAST_BYTES, limits.max_size_bytes));
  file.truncateSync();
  makeRoom(log.path);
  Deno.renameSync(copyPath(log.path), numberedPath(log.path, 1));
  log.settle({ base: base + end, older: [base + from, ...older] });
}

/** Keeps nothing. */
function empty(file: Deno.FsFile, log: RotatingLog): void {
  log.dropOldest({ files: 0, bytes: 0 });
  const base = log.layout.base + file.statSync().size;
  log.announce({ kind: "copied", from: base });
  file.truncateSync();
  log.settle({ base, older: [] });
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOSPC";
}

function openToTruncate(path: string): Deno.FsFile | null {
  return ifThere(() => Deno.openSync(path, { read: true, write: true }));
}

/** The first line that begins at an offset or after it. */
function startOfLine(file: Deno.FsFile, offset: number): number {
  const block = new Uint8Array(LINE_BYTES);
  file.seekSync(offset, Deno.SeekMode.Start);
  const newline = block.subarray(0, file.readSync(block) ?? 0).indexOf(NEWLINE);
  return offset + newline + 1;
}

/** Copies until little is left, while the log grows, without keeping others waiting. */
async function copyMost(
  file: Deno.FsFile,
  copy: Deno.FsFile,
  { from, most, signal }: { from: number; most: number; signal: AbortSignal },
): Promise<void> {
  const block = new Uint8Array(BLOCK_BYTES);
  let position = file.seekSync(from, Deno.SeekMode.Start);
  while (!signal.aborted && position - from < most) {
    const left = file.statSync().size - position;
    if (left <= FEW_BYTES) return;
    const read = await file.read(block.subarray(0, left)) ?? 0;
    await writeAll(copy, block.subarray(0, read));
    position += read;
  }
}

/** Copies the rest, and returns with the read that found nothing more. */
function copyRest(file: Deno.FsFile, copy: Deno.FsFile, mostBytes: number): number {
  const block = new Uint8Array(BLOCK_BYTES);
  let position = file.seekSync(0, Deno.SeekMode.Current);
  for (const limit = position + mostBytes; position < limit;) {
    const read = file.readSync(block);
    if (read === null) break;
    writeAllSync(copy, block.subarray(0, read));
    position += read;
  }
  return position;
}
