/**
 * The output of several services, sorted by the best known times.
 *
 * @module
 */

import { firstLineSince } from "./first_line_since.ts";
import type { LogPosition } from "../layout/log_layout.ts";
import { LogReader } from "./log_reader.ts";
import { logTimes } from "./log_times.ts";
import { mergeLines } from "./merge_lines.ts";
import { tail } from "./tail.ts";
import { type TimedLine, timedLines } from "./timed_lines.ts";

/** Options of {@linkcode viewLogs}. */
export interface ViewLogsOptions {
  /** Number of last lines of each group. Null for all. */
  readonly lines: number | null;
  /** Earliest time, in milliseconds since 1970. Null for no limit. */
  readonly since: number | null;
  /** Whether to include a last line without a line end. */
  readonly unfinished: boolean;
}

/** A log to read. */
export interface ViewedLog {
  readonly path: string;
  /** Path of a copy of the current file, if that file was removed. @default path */
  readonly current?: string | undefined;
}

/** A line and its log. */
export interface ViewedLine<L> {
  readonly log: L;
  readonly line: string;
}

/** The lines of several logs at one moment. */
export interface LogsView<L> {
  /** Oldest first. Lines of equal times are in the order of the logs. */
  readonly lines: Iterable<ViewedLine<L>>;
  /** Where to follow each log from, without missing or repeating a line. */
  readonly ends: ReadonlyMap<L, LogPosition>;
}

interface LogLine<L> extends TimedLine {
  readonly log: L;
}

/**
 * Reads the lines of logs.
 *
 * @param groups The logs of each service.
 * @param options Which lines to read.
 * @returns The lines. They are read lazily and can be iterated once.
 * @throws {HaleError} `store_io` If a log cannot be read.
 */
export function viewLogs<L extends ViewedLog>(
  groups: readonly (readonly L[])[],
  options: ViewLogsOptions,
): LogsView<L> {
  const readers: LogReader[] = [];
  const ends = new Map<L, LogPosition>();
  const sequences = groups.map((logs) => {
    const parts = logs.map((log) => {
      const reader = new LogReader(log.path, undefined, log);
      readers.push(reader);
      const part = linesOf(log, reader, options);
      ends.set(log, part.end);
      return part;
    });
    const found = parts.reduce((sum, { count }) => sum + count, 0);
    const surplus = options.lines === null ? 0 : Math.max(0, found - options.lines);
    return mergeLines(parts.map(({ lines }) => lines)).drop(surplus);
  });
  return { lines: shown(sequences, { readers, since: options.since ?? -Infinity }), ends };
}

function linesOf<L>(log: L, reader: LogReader, options: ViewLogsOptions) {
  const samples = logTimes(reader);
  const since = options.since === null ? null : firstLineSince(reader, options.since, samples);
  const from = since === null ? {} : { from: since.generation + since.offset };
  const found = options.lines === null
    ? { ...tail(reader, 0), start: since ?? reader.start() }
    : tail(reader, options.lines, from);
  const to = options.unfinished ? reader.end() : found.end;
  const count = found.lines - (found.unfinished && !options.unfinished ? 1 : 0);
  const lines = timedLines(reader, { from: found.start, to, samples });
  return { count, end: found.end, lines: lines.map((line): LogLine<L> => ({ ...line, log })) };
}

function* shown<L>(
  sequences: readonly Iterator<LogLine<L>>[],
  { readers, since }: { readers: readonly LogReader[]; since: number },
): Generator<ViewedLine<L>> {
  try {
    for (const { log, line, at, exact } of mergeLines(sequences)) {
      if (!exact || at >= since) yield { log, line };
    }
  } finally {
    for (const reader of readers) reader[Symbol.dispose]();
  }
}
