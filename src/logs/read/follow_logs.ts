/**
 * The lines of logs as they are written.
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
  readonly from: LogPosition;
}

/** Settings of {@linkcode followLogs}. */
export interface FollowLogsOptions {
  /** Ends it, quietly. */
  readonly signal: AbortSignal;
  /** Ends it when all that was written by then is read, an unfinished line too. @default never */
  readonly finish?: AbortSignal;
}

/** New lines of one log. */
export interface NewLines {
  /** Which of the logs. */
  readonly index: number;
  /** Oldest first, without their ends. */
  readonly lines: readonly string[];
  /** Whether some before them had been rotated away for good before they could be read. */
  readonly missed: boolean;
}

/** Programs that write a lot are not read line by line. */
const LEAST_PAUSE_MS = 20;

/**
 * Yields the lines of logs, those that are there first and then every one that is written, until
 * the signal ends it. It waits for the system's word of a change and does not poll.
 *
 * Rotation does not show: what was written before it comes from the rotated files. A log that is
 * not there yet, or not any more, is waited for. A line is yielded once it is whole; one above
 * 64 KiB is cut and says so.
 *
 * @param logs The logs, and where to begin in each.
 * @param options When it ends.
 * @returns The lines, some of one log at a time.
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
      const lookedAt = performance.now();
      // Asked before the read: what was written until then is read by it. The system may not have told
      // of every change by then.
      const isLast = finish?.aborted === true;
      for (const follower of isLast ? followers : changed) {
        for (const lines of follower.newLines({ isLast })) {
          if (signal.aborted) return;
          yield lines;
        }
      }
      if (isLast) return;
      const pauseMs = LEAST_PAUSE_MS - (performance.now() - lookedAt);
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

  /** The lines that became whole since the last call; the last one need not be whole. */
  *newLines({ isLast }: { isLast: boolean }): Generator<NewLines> {
    const block = new Uint8Array(BLOCK_BYTES);
    for (;;) {
      const { bytes, next, missed } = this.#read(block);
      this.#position = next;
      if (missed) this.#splitter.takePending();
      const lines = this.#splitter.push(bytes);
      const over = bytes.length === 0;
      if (over && isLast && this.#splitter.pendingBytes > 0) {
        lines.push(this.#splitter.takePending());
      }
      if (lines.length > 0 || missed) yield { index: this.#index, lines, missed };
      if (over) return;
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

/** Ends early, and quietly, with the signal. */
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
