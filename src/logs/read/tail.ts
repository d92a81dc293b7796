/**
 * The last lines of a log.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import { generationOf, type LogPosition } from "../layout/log_layout.ts";
import type { LogLayout } from "../layout/log_index.ts";
import { logUnreadable } from "../layout/log_error.ts";
import type { LogReader } from "./log_reader.ts";
import { NEWLINE } from "../../files/line_splitter.ts";

/** Position of the last lines of a log. */
export interface Tail {
  /** Where the first of the lines starts. */
  readonly start: LogPosition;
  /** After the last newline. Following from here yields an unfinished line when it is complete. */
  readonly end: LogPosition;
  /** Number of lines, including an unfinished one. */
  readonly lines: number;
  /** Whether the last line has no line end yet. */
  readonly unfinished: boolean;
}

/** Options of {@linkcode tail}. */
export interface TailOptions {
  /** Number of the first byte to read, such as the start of a launch. @default 0 */
  readonly from?: number;
}

/**
 * Finds the last lines of a log. It reads backwards, so that the length of the log does not matter.
 *
 * It is synchronous because the supervisor calls it between a crash and the restart, to report the
 * last lines of standard error.
 *
 * @param log The log. It has no lines if it does not exist.
 * @param count How many lines, including an unfinished one.
 * @param options The earliest byte to read.
 * @returns The position of the lines.
 * @throws {HaleError} `store_io` If the log cannot be read, `usage` if `count` is not a count.
 */
export function tail(log: LogReader, count: number, options: TailOptions = {}): Tail {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new HaleError(
      "usage",
      `${count} is not a line count. Give a whole number of 0 or more.`,
      {
        fields: { count },
      },
    );
  }
  try {
    const { from = -Infinity } = options;
    const floor = from === -Infinity ? null : log.locate(from);
    return log.stable((layout) => findTail(log, layout, { count, floor }));
  } catch (error) {
    throw logUnreadable("read the log", log.path, error);
  }
}

const BLOCK_BYTES = 65_536;

interface Piece {
  /** 0 is the current file. */
  readonly number: number;
  readonly generation: number;
  /** Range of offsets; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
}

function findTail(
  log: LogReader,
  layout: LogLayout,
  { count, floor }: { count: number; floor: LogPosition | null },
): Tail {
  const pieces = piecesBackwards(log, layout, floor);
  let end: LogPosition | null = null;
  let unfinished = false;
  let bytesAfter = 0;
  let newlines = 0;
  for (const { number, generation, from, to } of pieces) {
    for (const newline of newlinesBackwards(log, { number, from, to })) {
      const after = { generation, offset: newline + 1 };
      newlines++;
      if (end === null) {
        end = after;
        unfinished = bytesAfter + to - after.offset > 0;
        if (count === 0) return { start: end, end, lines: 0, unfinished: false };
      }
      // A line starts after the newline of the line before it.
      if (newlines === count + (unfinished ? 0 : 1)) {
        return { start: after, end, lines: count, unfinished };
      }
    }
    bytesAfter += to - from;
  }
  const oldest = pieces.at(-1)!;
  const start = { generation: oldest.generation, offset: oldest.from };
  if (end !== null) return { start, end, lines: newlines + (unfinished ? 1 : 0), unfinished };
  unfinished = count > 0 && bytesAfter > 0;
  return { start, end: start, lines: unfinished ? 1 : 0, unfinished };
}

/** The files to read, newest first, down to the one with the earliest byte. */
function piecesBackwards(log: LogReader, layout: LogLayout, floor: LogPosition | null): Piece[] {
  const pieces: Piece[] = [];
  for (let number = 0; number <= layout.older.length; number++) {
    const generation = generationOf(layout, number);
    const isLast = generation === floor?.generation;
    pieces.push({ number, generation, from: isLast ? floor!.offset : 0, to: log.size(number) });
    if (isLast) break;
  }
  return pieces;
}

function* newlinesBackwards(
  log: LogReader,
  { number, from, to }: Pick<Piece, "number" | "from" | "to">,
): Generator<number> {
  const block = new Uint8Array(Math.min(BLOCK_BYTES, Math.max(0, to - from)));
  for (let end = to; end > from;) {
    const start = Math.max(from, end - block.length);
    let bytes = log.readAt(number, start, block.subarray(0, end - start));
    for (let at = bytes.lastIndexOf(NEWLINE); at >= 0; at = bytes.lastIndexOf(NEWLINE)) {
      yield start + at;
      bytes = bytes.subarray(0, at);
    }
    end = start;
  }
}
