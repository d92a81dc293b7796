/**
 * The index of a log, `stdout.log.index`: JSON lines that record which file has which bytes of the
 * log, and by when they were written. Only the supervisor writes it. A log without an index can
 * still be read.
 *
 * Bytes are numbered from the first byte ever written to the log, so that the number of a byte does
 * not change when the files are rotated.
 *
 * @module
 */

/** How the bytes of a log are distributed over its files. */
export interface LogLayout {
  /** Number of the first byte of the current file. */
  readonly base: number;
  /** Numbers of the first bytes of the rotated files `.1`, `.2` and so on. */
  readonly older: readonly number[];
}

/** The last byte before `end` was written at the time `at`. */
export interface LogSample {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly end: number;
}

/** A move of files. It is recorded before it starts, so that readers wait until it is complete. */
export interface LogMove {
  /**
   * `copied`: the rest of the file is copied to `.copy`, the file is truncated, and the copy
   * becomes `.1`. `renamed`: the file becomes `.1`. `returned`: `.1` becomes the current file
   * again.
   */
  readonly kind: "copied" | "renamed" | "returned";
  /** Number of the first byte of the file that is or was `.1`. */
  readonly from: number;
}

/** The content of an index. */
export interface LogIndex {
  /** The newest layout; null if there is none. */
  readonly layout: LogLayout | null;
  /** Oldest first. */
  readonly samples: readonly LogSample[];
  /** The move that has started and not ended, if there is one. */
  readonly move: LogMove | null;
  /** Whether every line was valid. */
  readonly whole: boolean;
}

/** Formats a layout as a line of the index. */
export function layoutLine({ base, older }: LogLayout): string {
  return JSON.stringify({ base, older }) + "\n";
}

/** Formats a sample as a line of the index. */
export function sampleLine({ at, end }: LogSample): string {
  return JSON.stringify({ at: new Date(at).toISOString(), end }) + "\n";
}

/** Formats a move as a line of the index. */
export function moveLine({ kind, from }: LogMove): string {
  return JSON.stringify({ moving: kind, from }) + "\n";
}

/**
 * Parses an index.
 *
 * @param text The content of the file. Invalid lines are skipped.
 * @returns The parsed content.
 */
export function parseIndex(text: string): LogIndex {
  let layout: LogLayout | null = null;
  let move: LogMove | null = null;
  let whole = text === "" || text.endsWith("\n");
  const samples: LogSample[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    let record = parseLine(line);
    if (record === null) {
      whole = false;
      // If a full disk truncated a line, the next line follows it without a newline.
      record = parseLine(line.slice(line.lastIndexOf('{"')));
    }
    if (record === null) continue;
    if ("base" in record) {
      layout = record;
      move = null;
    } else if ("kind" in record) move = record;
    else samples.push(record);
  }
  return { layout, samples, move, whole };
}

/**
 * Parses only the newest layout. It is fast for an index of any length.
 *
 * @param text The content of the index.
 * @returns The newest layout, and the move that has not ended, if there is one.
 */
export function parseLayout(text: string): Pick<LogIndex, "layout" | "move"> {
  const at = text.lastIndexOf('{"base"');
  return parseIndex(text.slice(Math.max(0, at)));
}

/**
 * Thins out the samples of a large index. Samples of removed bytes are dropped, and then every
 * second sample of the older half.
 *
 * @param samples The samples, oldest first.
 * @param start Number of the oldest byte that still exists.
 * @returns The samples to keep.
 */
export function thinOut(samples: readonly LogSample[], start: number): readonly LogSample[] {
  const used = samples.filter(({ end }, index) => end > start || samples[index + 1]?.end! > start);
  const half = Math.floor(used.length / 2);
  return used.filter((_, index) => index >= half || index % 2 === 0);
}

function parseLine(line: string): LogLayout | LogSample | LogMove | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const { at, end, base, older, moving, from } = value as Record<string, unknown>;
  if (isNumber(base) && Array.isArray(older) && older.every(isNumber)) return { base, older };
  const kind = MOVES.find((each) => each === moving);
  if (isNumber(from) && kind !== undefined) return { kind, from };
  const time = typeof at === "string" ? Date.parse(at) : NaN;
  return isNumber(end) && !Number.isNaN(time) ? { at: time, end } : null;
}

const MOVES = ["copied", "renamed", "returned"] as const;

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
