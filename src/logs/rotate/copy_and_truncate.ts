/**
 * Rotation of a log that a program holds open and keeps writing to.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import type { HaleError } from "../../errors.ts";
import { copyPath, makeRoom, numberedPath } from "../layout/log_files.ts";
import type { RotatingLog } from "./rotating_log.ts";
import { logEmptied } from "../layout/log_error.ts";
import { type LogLimits, mostRotatedBytes } from "../layout/log_limits.ts";
import { removeIfThere } from "../../files/remove_if_there.ts";
import { ifThere } from "../../files/if_there.ts";
import { writeAll, writeAllSync } from "../../files/write_all.ts";
import { NEWLINE } from "../../files/line_splitter.ts";
import { renameSync } from "../../platform/retry_while_held.ts";

const BLOCK_BYTES = 256 * 1024;

/** How far the end of a line is searched. */
const LINE_BYTES = 65_536;

/** Size of the rest that is left to the last, synchronous step. */
const REST_BYTES = 65_536;

/** Most bytes that the last step copies; `max_size_bytes` if that is more. */
const MAX_REST_BYTES = 1024 * 1024;

/**
 * Copies a log to its newest rotated file and truncates it. The program that holds the log open is
 * not affected, because it has opened it for appending.
 *
 * Output between the last read and the truncation is lost. This window is a few microseconds, and
 * no system has a way to close it. `scripts/bench/logs.ts` measures it.
 *
 * If a log is larger than all rotated files may be, only its end is copied. If it has filled its
 * disk so that not even that can be copied, it is emptied. If a program writes faster than the disk
 * copies, the output that was not copied is lost.
 *
 * @param log The log.
 * @param limits Retention of the log.
 * @param signal Cancels the copy without an error and leaves the log unchanged. The last step
 * cannot be cancelled.
 * @returns Null, or the error to report if the log had to be emptied.
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
  // Remove old files before the copy, so that a full disk has space for it.
  log.dropOldest({ files: limits.keep - 1, bytes: most - (size - from) });
  try {
    using copy = Deno.openSync(regularFile(copyPath(log.path)), {
      write: true,
      create: true,
      truncate: true,
      mode: 0o600,
    });
    await copyMost(file, copy, { from, most, signal });
    // Sync before the truncation. Otherwise a power failure could lose the copy, but not the
    // truncation.
    await copy.syncData();
    if (signal.aborted) removeIfThere(copyPath(log.path));
    else finish(file, copy, { log, from, limits });
    return null;
  } catch (error) {
    // Its space is needed at once, for the index. It is closed by now: a removed file has it until then.
    removeIfThere(copyPath(log.path));
    const fillsDisk = isDiskFull(error) && size > most + limits.max_size_bytes;
    if (!fillsDisk) throw error;
    empty(file, log);
    return logEmptied(log.path, size, error);
  }
}

/** The last step. It is synchronous, so that nothing interrupts it. */
function finish(
  file: Deno.FsFile,
  copy: Deno.FsFile,
  { log, from, limits }: { log: RotatingLog; from: number; limits: LogLimits },
): void {
  const { base, older } = log.layout;
  log.announce({ kind: "copied", from: base + from });
  const end = copyRest(file, copy, Math.max(MAX_REST_BYTES, limits.max_size_bytes));
  file.truncateSync();
  makeRoom(log.path);
  renameSync(copyPath(log.path), numberedPath(log.path, 1));
  log.settle({ base: base + end, older: [base + from, ...older] });
}

/** Removes the contents of the log and all rotated files. */
function empty(file: Deno.FsFile, log: RotatingLog): void {
  const base = log.layout.base + file.statSync().size;
  try {
    log.dropOldest({ files: 0, bytes: 0 });
    log.announce({ kind: "copied", from: base });
  } catch (error) {
    // On a full disk, only the truncation makes room for the index.
    if (!isDiskFull(error)) throw error;
  }
  file.truncateSync();
  log.dropOldest({ files: 0, bytes: 0 });
  log.settle({ base, older: [] });
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOSPC";
}

function openToTruncate(path: string): Deno.FsFile | null {
  return ifThere(() => Deno.openSync(regularFile(path), { read: true, write: true }));
}

/** Returns the offset of the first line that starts at or after an offset. */
function startOfLine(file: Deno.FsFile, offset: number): number {
  const block = new Uint8Array(LINE_BYTES);
  file.seekSync(offset, Deno.SeekMode.Start);
  const newline = block.subarray(0, file.readSync(block) ?? 0).indexOf(NEWLINE);
  return offset + newline + 1;
}

/**
 * Copies until less than `REST_BYTES` is left, while the log grows. It does not block the event
 * loop.
 */
async function copyMost(
  file: Deno.FsFile,
  copy: Deno.FsFile,
  { from, most, signal }: { from: number; most: number; signal: AbortSignal },
): Promise<void> {
  const block = new Uint8Array(BLOCK_BYTES);
  let position = file.seekSync(from, Deno.SeekMode.Start);
  while (!signal.aborted && position - from < most) {
    const left = file.statSync().size - position;
    if (left <= REST_BYTES) return;
    const read = await file.read(block.subarray(0, left)) ?? 0;
    await writeAll(copy, block.subarray(0, read));
    position += read;
  }
}

/** Copies the rest and returns the position of the end of the file. */
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
