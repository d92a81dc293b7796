/**
 * The lines of a log with the time at which each was written, as well as that is known.
 *
 * @module
 */

import { leadingTime } from "./leading_time.ts";
import { LineSplitter } from "../../files/line_splitter.ts";
import type { LogSample } from "../layout/log_index.ts";
import type { LogPosition } from "../layout/log_layout.ts";
import type { LogReader } from "./log_reader.ts";

/** A line and its time. */
export interface TimedLine {
  /** In milliseconds since 1970. Never less than that of the line before. */
  readonly at: number;
  /** Whether the program itself says the time. Otherwise the line is not younger than that. */
  readonly exact: boolean;
  readonly line: string;
}

/** What to read. */
export interface TimedLinesOptions {
  readonly from: LogPosition;
  readonly to: LogPosition;
  /** Of the log, oldest first. */
  readonly samples: readonly LogSample[];
}

const BLOCK_BYTES = 65_536;

/** Programs tell a time from before they write it, and clocks are read to the second by some. */
const TOLERANCE_MS = 1_500;

/**
 * Reads lines of a log. An unfinished line at the end is one too.
 *
 * A time that a line begins with counts where it agrees with what is known from outside: another
 * one is not the time of writing, or of another zone. Lines without one have the time of the line
 * before them, as a stack trace has that of its message.
 *
 * @param log The log.
 * @param options From where to where.
 * @returns The lines, oldest first.
 */
export function* timedLines(log: LogReader, options: TimedLinesOptions): Generator<TimedLine> {
  const { to, samples } = options;
  const block = new Uint8Array(BLOCK_BYTES);
  const splitter = new LineSplitter();
  const clock = new LineClock();
  let position = options.from;
  let next = 0;
  for (;;) {
    const byte = position.generation + position.offset;
    while (next < samples.length && samples[next]!.end <= byte) next++;
    // Never across a sample: whatever one read gives was written between the same two times.
    const untilSample = (samples[next]?.end ?? Infinity) - byte;
    const untilEnd = position.generation === to.generation ? to.offset - position.offset : Infinity;
    const length = Math.min(block.length, untilSample, untilEnd);
    if (length <= 0 || position.generation > to.generation) break;
    const read = log.read(position, block.subarray(0, length));
    if (read.bytes.length === 0) break;
    clock.between(samples[next - 1]?.at, samples[next]?.at);
    for (const line of splitter.push(read.bytes)) yield clock.time(line);
    position = read.next;
  }
  if (splitter.pendingBytes > 0) yield clock.time(splitter.takePending());
}

/** Gives lines their times. */
class LineClock {
  #after = -Infinity;
  #before = Infinity;
  #told: number | null = null;
  #last = -Infinity;

  /** What follows was written between these times. */
  between(after = -Infinity, before = Infinity): void {
    if (after === this.#after && before === this.#before) return;
    this.#after = after;
    this.#before = before;
    this.#told = null;
  }

  time(line: string): TimedLine {
    const told = leadingTime(line);
    if (told !== null && this.#isPossible(told)) this.#told = told;
    const at = Math.max(this.#last, this.#told ?? this.#before);
    this.#last = at;
    return { at, exact: this.#told !== null, line };
  }

  #isPossible(time: number): boolean {
    return time >= this.#after - TOLERANCE_MS && time <= this.#before + TOLERANCE_MS;
  }
}
