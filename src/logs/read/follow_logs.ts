/**
 * Following logs as they are written.
 *
 * @module
 */

import { FileChanges } from "../../files/file_changes.ts";
import { LineSplitter } from "../../files/line_splitter.ts";
import { indexPath } from "../layout/log_files.ts";
import type { LogPosition } from "../layout/log_layout.ts";
import { LogReader } from "./log_reader.ts";
import { logUnreadable } from "../layout/log_error.ts";

/** A log to follow. */
export interface FollowedLog {
  readonly path: string;
  /** Where to start. */
  readonly from: LogPosition;
}

/** Options of {@linkcode followLogs}. */
export interface FollowLogsOptions {
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
  /**
   * Ends the iteration after everything written so far has been yielded, including an unfinished
   * line. @default never
   */
  readonly finish?: AbortSignal;
}

/** New lines of one log. */
export interface NewLines {
  /** Index of the log in the argument. */
  readonly index: number;
  /** The lines without line ends, oldest first. */
  readonly lines: readonly string[];
  /** Whether lines before them were removed by rotation before they could be read. */
  readonly missed: boolean;
}

/** Shortest pause between reads, so that busy programs are read in batches. */
const LEAST_PAUSE_MS = 20;

/**
 * Yields the existing lines of logs and then new lines as they are written, until the signal is
 * aborted. It waits for file system events and does not poll.
 *
 * Rotation is not visible: lines written before a rotation are read from the rotated files. It
 * waits for a log that does not exist yet or was removed. A line is yielded when it is complete;
 * one above 64 KiB is cut and marked as cut.
 *
 * @param logs The logs, and where to start in each.
 * @param options When the iteration ends.
 * @returns The lines, in batches of one log each.
 * @throws {HaleError} `store_io` If a log cannot be read.
 */
export async function* followLogs(
  logs: readonly FollowedLog[],
  options: FollowLogsOptions,
): AsyncGenerator<NewLines> {
  const { signal, finish } = options;
  const watched = new Map<string, Follower>();
  const followers = logs.map((log, index) => new Follower(log, index));
  for (const follower of followers) {
    watched.set(follower.path, follower);
    watched.set(indexPath(follower.path), follower);
  }
  const either = AbortSignal.any([signal, ...(finish === undefined ? [] : [finish])]);
  using changes = new FileChanges([...watched.keys()], either);
  try {
    let changed = new Set(followers);
    while (!signal.aborted) {
      const startedAt = performance.now();
      // Check before the read, so that it covers everything written until now. Read all logs,
      // because events of some changes may not have arrived yet.
      const isLast = finish?.aborted === true;
      for (const follower of isLast ? followers : changed) {
        for (const lines of follower.newLines({ isLast })) {
          if (signal.aborted) return;
          yield lines;
        }
      }
      if (isLast) return;
      const pauseMs = LEAST_PAUSE_MS - (performance.now() - startedAt);
      if (pauseMs > 0) await pause(pauseMs, either);
      changed = new Set((await changes.next()).map((path) => watched.get(path)!));
    }
  } finally {
    for (const follower of followers) follower[Symbol.dispose]();
  }
}

const BLOCK_BYTES = 65_536;

class Follower implements Disposable {
  readonly path: string;
  readonly #index: number;
  readonly #log: LogReader;
  readonly #splitter = new LineSplitter();
  #position: LogPosition;

  constructor({ path, from }: FollowedLog, index: number) {
    this.path = path;
    this.#index = index;
    this.#log = new LogReader(path);
    this.#position = from;
  }

  /** The lines completed since the last call. If `isLast`, also an unfinished last line. */
  *newLines({ isLast }: { isLast: boolean }): Generator<NewLines> {
    const block = new Uint8Array(BLOCK_BYTES);
    for (;;) {
      const { bytes, next, missed } = this.#read(block);
      this.#position = next;
      if (missed) this.#splitter.takePending();
      const lines = this.#splitter.push(bytes);
      const isAtEnd = bytes.length === 0;
      if (isAtEnd && isLast && this.#splitter.pendingBytes > 0) {
        lines.push(this.#splitter.takePending());
      }
      if (lines.length > 0 || missed) yield { index: this.#index, lines, missed };
      if (isAtEnd) return;
    }
  }

  [Symbol.dispose](): void {
    this.#log[Symbol.dispose]();
  }

  #read(block: Uint8Array) {
    try {
      return this.#log.read(this.#position, block);
    } catch (error) {
      throw logUnreadable("follow the log", this.path, error);
    }
  }
}

/** Waits for a time or until the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
