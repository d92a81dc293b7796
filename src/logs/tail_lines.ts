/**
 * The last lines of a log.
 *
 * @module
 */

import { HaleError, messageOf } from "../errors.ts";
import { LineSplitter } from "./line_splitter.ts";

/** The end of a log. */
export interface Tail {
  /** Oldest first, without their ends. */
  readonly lines: readonly string[];
  /** Whether the last of the lines is still being written. */
  readonly unfinished: boolean;
  /** Byte after the last newline: where to follow from, to see an unfinished line once it is whole. */
  readonly end: number;
}

/**
 * Reads the last lines of a log from behind: how long the log is does not matter.
 *
 * Synchronous, because a supervisor tells the last words of a program between its crash and its
 * restart.
 *
 * @param path The log. One that is not there has no lines.
 * @param count How many lines, an unfinished one included.
 * @param options `from`: byte before which nothing is looked at, such as where a launch began. Where
 * the log is shorter than that, it has been rotated since, and all of it is looked at.
 * @returns The lines. One above 64 KiB is cut and says so.
 * @throws {HaleError} `store_io` If the log cannot be read, `usage` if `count` is not a count.
 */
export function tailLines(path: string, count: number, options: { from?: number } = {}): Tail {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new HaleError("usage", `${count} is not a count of lines. Give a whole number from 0.`, {
      fields: { count },
    });
  }
  try {
    using file = Deno.openSync(path, { read: true });
    const { size } = file.statSync();
    const { from = 0 } = options;
    const floor = from > size ? 0 : from;
    return readTail(file, { count, floor, size });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { lines: [], unfinished: false, end: 0 };
    throw new HaleError(
      "store_io",
      `Could not read the log at ${path}: ${messageOf(error)}. Check who owns it and its mode.`,
      { fields: { operation: "read the log", path }, cause: error },
    );
  }
}

const BLOCK_BYTES = 65_536;

const NEWLINE = 0x0a;

function readTail(
  file: Deno.FsFile,
  { count, floor, size }: { count: number; floor: number; size: number },
): Tail {
  let start = floor;
  let end: number | null = null;
  let missing = count;
  for (const newline of newlinesFromBehind(file, floor, size)) {
    if (end === null) {
      end = newline + 1;
      if (end < size) missing--; // What follows it is a line too, an unfinished one.
    }
    if (missing <= 0) {
      start = newline + 1;
      break;
    }
    missing--;
  }
  end ??= floor;
  const splitter = new LineSplitter();
  const lines: string[] = [];
  for (const block of blocks(file, start, count === 0 ? end : size)) {
    lines.push(...splitter.push(block));
  }
  const unfinished = splitter.pendingBytes > 0;
  if (unfinished) lines.push(splitter.takePending());
  return { lines, unfinished, end };
}

function* newlinesFromBehind(file: Deno.FsFile, floor: number, size: number): Generator<number> {
  for (let blockEnd = size; blockEnd > floor;) {
    const blockStart = Math.max(floor, blockEnd - BLOCK_BYTES);
    let bytes = readAt(file, blockStart, new Uint8Array(blockEnd - blockStart));
    for (let at = bytes.lastIndexOf(NEWLINE); at >= 0; at = bytes.lastIndexOf(NEWLINE)) {
      yield blockStart + at;
      bytes = bytes.subarray(0, at);
    }
    blockEnd = blockStart;
  }
}

function* blocks(file: Deno.FsFile, start: number, end: number): Generator<Uint8Array> {
  const block = new Uint8Array(BLOCK_BYTES);
  for (let position = start; position < end;) {
    const bytes = readAt(file, position, block.subarray(0, end - position));
    if (bytes.length === 0) return; // Rotated at this moment.
    yield bytes;
    position += bytes.length;
  }
}

/** Fills a buffer from a byte on. What comes back is shorter where the file ends before. */
function readAt(file: Deno.FsFile, position: number, buffer: Uint8Array): Uint8Array {
  file.seekSync(position, Deno.SeekMode.Start);
  let length = 0;
  while (length < buffer.length) {
    const read = file.readSync(buffer.subarray(length));
    if (read === null) break;
    length += read;
  }
  return buffer.subarray(0, length);
}
