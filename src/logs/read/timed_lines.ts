/**
 * The lines of a log, each with the best known time at which it was written.
 *
 * @module
 */

import { leadingTime } from "./leading_time.ts";
import { LineSplitter } from "../../files/line_splitter.ts";
import type { LogSample } from "../layout/log_index.ts";
import type { LogPosition } from "../layout/log_layout.ts";
import type { LogRead, LogReader } from "./log_reader.ts";

/** A line and its time. */
export interface TimedLine {
  /** Milliseconds since 1970. Never decreases from line to line. */
  readonly at: number;
  /** Whether the program wrote the time. If not, `at` is the latest possible time. */
  readonly exact: boolean;
  readonly line: string;
}

/** Options of {@linkcode timedLines}. */
export interface TimedLinesOptions {
  /** Where to start. */
  readonly from: LogPosition;
  /** Where to end, exclusive. */
  readonly to: LogPosition;
  /** The samples of the log, oldest first. */
  readonly samples: readonly LogSample[];
}

const BLOCK_BYTES = 65_536;

/** Programs take the time before they write it, and some truncate it to seconds. */
const TOLERANCE_MS = 1_500;

/**
 * Reads lines of a log, including an unfinished line at the end.
 *
 * A time at the start of a line is used if it agrees with the samples. If it does not, it is not
 * the time of writing or is in another time zone. A line without a time has the time of the line
 * before it, as the lines of a stack trace have the time of its message.
 *
 * @param log The log.
 * @param options The range to read.
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
    // Never read across a sample, so that all bytes of a read were written between the same two
    // times.
    const untilSample = (samples[next]?.end ?? Infinity) - byte;
    const untilEnd = position.generation === to.generation ? to.offset - position.offset : Infinity;
    const length = Math.min(block.length, untilSample, untilEnd);
    if (length <= 0 || position.generation > to.generation) break;
    const read = log.read(position, block.subarray(0, length));
    // A read at the end of one file continues in the next one, which has grown since the end was found.
    const bytes = upTo(read, to);
    if (bytes.length === 0) break;
    clock.between(samples[next - 1]?.at, samples[next]?.at);
    for (const line of splitter.push(bytes)) yield clock.time(line);
    position = read.next;
  }
  if (splitter.pendingBytes > 0) yield clock.time(splitter.takePending());
}

/** The bytes of a read that are before a position. */
function upTo({ bytes, next }: LogRead, to: LogPosition): Uint8Array {
  if (next.generation < to.generation) return bytes;
  const beyond = next.generation > to.generation
    ? bytes.length
    : Math.max(0, next.offset - to.offset);
  return bytes.subarray(0, Math.max(0, bytes.length - beyond));
}

/** Assigns times to lines. */
class LineClock {
  #after = -Infinity;
  #before = Infinity;
  #written: number | null = null;
  #last = -Infinity;

  /** Sets the times between which the following lines were written. */
  between(after = -Infinity, before = Infinity): void {
    if (after === this.#after && before === this.#before) return;
    this.#after = after;
    this.#before = before;
    this.#written = null;
  }

  time(line: string): TimedLine {
    const written = leadingTime(line);
    if (written !== null && this.#isPossible(written)) this.#written = written;
    const at = Math.max(this.#last, this.#written ?? this.#before);
    this.#last = at;
    return { at, exact: this.#written !== null, line };
  }

  #isPossible(time: number): boolean {
    return time >= this.#after - TOLERANCE_MS && time <= this.#before + TOLERANCE_MS;
  }
}
