/**
 * The index beside a log, `stdout.log.index`: JSON lines that say which byte of the log is in which
 * of its files, and until when it was written. Only the supervisor writes it. It is a help, not a
 * truth: a log whose index is lost can still be read.
 *
 * Bytes are counted from the first one that the log ever had, so that the number of a byte stays
 * the same when the files around it are rotated.
 *
 * @module
 */

/** How a log is spread over its files. */
export interface LogLayout {
  /** Number of the first byte of the file that is written to. */
  readonly base: number;
  /** Numbers of the first bytes of the rotated files `.1`, `.2` and so on. */
  readonly older: readonly number[];
}

/** Everything before the byte `end` had been written at the time `at`, and the last of it just then. */
export interface LogSample {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly end: number;
}

/** Files are being moved: said before, so that nobody takes one for another meanwhile. */
export interface LogMove {
  /**
   * `copied`: the rest of the file goes to `.copy`, then it is truncated and the copy becomes `.1`.
   * `renamed`: the file becomes `.1`. `returned`: `.1` becomes the file that is written to again.
   */
  readonly kind: "copied" | "renamed" | "returned";
  /** Number of the first byte of the file that is or was `.1`. */
  readonly from: number;
}

/** What an index says. */
export interface LogIndex {
  /** The newest; null where it tells none. */
  readonly layout: LogLayout | null;
  /** Oldest first. */
  readonly samples: readonly LogSample[];
  /** Set where a move has begun and its end is not told. */
  readonly move: LogMove | null;
  /** Whether all of it could be read. */
  readonly whole: boolean;
}

/** The line of a layout. */
export function layoutLine({ base, older }: LogLayout): string {
  return JSON.stringify({ base, older }) + "\n";
}

/** The line of a sample. */
export function sampleLine({ at, end }: LogSample): string {
  return JSON.stringify({ at: new Date(at).toISOString(), end }) + "\n";
}

/** The line of a move. */
export function moveLine({ kind, from }: LogMove): string {
  return JSON.stringify({ moving: kind, from }) + "\n";
}

/**
 * Reads an index.
 *
 * @param text Its contents. Lines that are not whole are passed over.
 * @returns What it says.
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
      // A line that a full disk cut short has the next one behind it.
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
 * Reads only how a log is spread over its files: quick, however long the index is.
 *
 * @param text Contents of the index.
 * @returns The newest layout and a move that has not ended.
 */
export function parseLayout(text: string): Pick<LogIndex, "layout" | "move"> {
  const at = text.lastIndexOf('{"base"');
  return parseIndex(text.slice(Math.max(0, at)));
}

/**
 * Makes an index smaller that has grown over the time: of the older half of what is left every
 * second sample goes.
 *
 * @param samples Oldest first.
 * @param start Number of the oldest byte that is kept: what was before it has no use.
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
