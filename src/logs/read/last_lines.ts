import type { LogReader } from "./log_reader.ts";
import { tail, type TailOptions } from "./tail.ts";
import { timedLines } from "./timed_lines.ts";

/**
 * Reads the last lines of a log.
 *
 * @param log The log. It has no lines if it does not exist.
 * @param count How many lines, including an unfinished one.
 * @param options The earliest byte to read.
 * @returns The lines, oldest first. A line above 64 KiB is cut and marked as cut.
 * @throws {HaleError} `store_io` If the log cannot be read.
 */
export function lastLines(log: LogReader, count: number, options: TailOptions): readonly string[] {
  const { start } = tail(log, count, options);
  const lines = timedLines(log, { from: start, to: log.end(), samples: [] });
  return Array.from(lines, ({ line }) => line).slice(0, count);
}
