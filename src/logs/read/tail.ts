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
import { NEWLINE } from "../../files/newline.ts";

/** Where the last lines of a log are. */
export interface Tail {
  /** Where the first of them begins. */
  readonly start: LogPosition;
  /** After the last newline: where to follow from, to see an unfinished line once it is whole. */
  readonly end: LogPosition;
  /** How many lines there are, an unfinished one included. */
  readonly lines: number;
  /** Whether the last of them is still being written. */
  readonly unfinished: boolean;
}

/** What to look at. */
export interface TailOptions {
  /** Number of the byte before which nothing is looked at, such as where a launch began. @default 0 */
  readonly from?: number;
}

/**
 * Finds the last lines of a log from behind: how long the log is does not matter.
 *
 * Synchronous, because a supervisor tells the last words of a program between its crash and its
 * restart.
 *
 * @param log The log. One that is not there has no lines.
 * @param count How many lines, an unfinished one included.
 * @param options Where the lines begin at the earliest.
 * @returns Where they are.
 * @throws {HaleError} `store_io` If the log cannot be read, `usage` if `count` is not a count.
 */
export function tail(log: LogReader, count: number, options: TailOptions = {}): Tail {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new HaleError("usage", `${count} is not a count of lines. Give a whole number from 0.`, {
      fields: { count },
    });
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
  /** 0 is the file that is written to. */
  readonly number: number;
  readonly generation: number;
  /** The first byte to look at, and the first not to. */
  readonly from: number;
  readonly to: number;
}

function findTail(
  log: LogReader,
  layout: LogLayout,
  { count, floor }: { count: number; floor: LogPosition | null },
): Tail {
  const pieces = piecesFromBehind(log, layout, floor);
  let end: LogPosition | null = null;
  let unfinished = false;
  let bytesAfter = 0;
  let newlines = 0;
  for (const { number, generation, from, to } of pieces) {
    for (const newline of newlinesFromBehind(log, { number, from, to })) {
      const after = { generation, offset: newline + 1 };
      newlines++;
      if (end === null) {
        end = after;
        unfinished = bytesAfter + to - after.offset > 0;
        if (count === 0) return { start: end, end, lines: 0, unfinished: false };
      }
      // The line that a newline ends begins after the newline before it.
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

/** The files, newest first, down to where nothing is looked at any more. */
function piecesFromBehind(log: LogReader, layout: LogLayout, floor: LogPosition | null): Piece[] {
  const pieces: Piece[] = [];
  for (let number = 0; number <= layout.older.length; number++) {
    const generation = generationOf(layout, number);
    const isLast = generation === floor?.generation;
    pieces.push({ number, generation, from: isLast ? floor!.offset : 0, to: log.size(number) });
    if (isLast) break;
  }
  return pieces;
}

function* newlinesFromBehind(
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
