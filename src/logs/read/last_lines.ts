import type { LogReader } from "./log_reader.ts";
import { tail, type TailOptions } from "./tail.ts";
import { timedLines } from "./timed_lines.ts";

/**
 * Reads the last lines of a log.
 *
 * @param log The log. One that is not there has no lines.
 * @param count How many, an unfinished one included.
 * @param options Where they begin at the earliest.
 * @returns The lines, oldest first. One above 64 KiB is cut and says so.
 * @throws {HaleError} `store_io` If the log cannot be read.
 */
export function lastLines(log: LogReader, count: number, options: TailOptions): readonly string[] {
  const { start } = tail(log, count, options);
  const lines = timedLines(log, { from: start, to: log.end(), samples: [] });
  return Array.from(lines, ({ line }) => line).slice(0, count);
}
