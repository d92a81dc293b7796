/**
 * Rotation of the logs of running services.
 *
 * @module
 */

import type { LogsSpec } from "../../model/service_spec.ts";
import { messageOf } from "../../errors.ts";
import { copyAndTruncate } from "./copy_and_truncate.ts";
import { RotatingLog } from "./rotating_log.ts";
import { type WatchedLog, watchLog } from "./watched_log.ts";
import { lastLines } from "../read/last_lines.ts";
import { inspectFile } from "../layout/log_files.ts";
import { mostRotatedBytes } from "../layout/log_limits.ts";
import { LogReader } from "../read/log_reader.ts";
import { logUnwritable } from "../layout/log_error.ts";
import { BUSY_POLL_MS, IDLE_POLL_MS, pollInterval, REST_FACTOR } from "./poll_interval.ts";

/** A log that a running program holds open. */
export interface HeldLog {
  readonly path: string;
  readonly limits: LogsSpec;
  /** Id of the launch. A later launch may reopen its log even if this one does not. */
  readonly launch: string;
  /** Signals the program to reopen its log. Resolves to false if the signal could not be sent. */
  reopen(signal: string): Promise<boolean>;
  /** Called if the program did not reopen its log. */
  notReopened(): void;
  /** Called once for a launch if its log is gone, or is another file, and hale did not move it. */
  gone(): void;
}

/** Options of {@linkcode LogRotator}. */
export interface LogRotatorOptions {
  /** Returns the logs that running programs hold open. */
  held(): Iterable<HeldLog>;
  /** Called if a log could not be rotated. The log keeps growing, and rotation is retried. */
  onProblem(path: string, error: unknown): void;
}

/** Time for a program to reopen its log, in milliseconds. */
const REOPEN_MS = 2_000;

/** Polls logs and rotates them. An idle log costs one `stat` every five seconds. */
export class LogRotator implements AsyncDisposable {
  readonly #options: LogRotatorOptions;
  readonly #watched = new Map<string, WatchedLog>();
  /** The last message reported for each failing log, so that it is reported once. */
  readonly #reported = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #timerAt = Infinity;
  /** Rotations run one at a time, because concurrent copies are slower on one disk. */
  #rotations: Promise<void> = Promise.resolve();
  #state: "new" | "started" | "closed" = "new";

  constructor(options: LogRotatorOptions) {
    this.#options = options;
  }

  /** Starts to poll the logs that are held open. */
  start(): void {
    this.#state = "started";
    this.#schedule(performance.now() + BUSY_POLL_MS);
  }

  /**
   * Prepares a log for a launch, before its program opens it. A full log is renamed, which loses
   * nothing at this moment. It never throws, because a failing log must not prevent a launch.
   *
   * @param path Path of the log.
   * @param limits Retention of the log.
   * @returns Number of the first byte of the launch.
   */
  prepare(path: string, limits: LogsSpec): number {
    const now = performance.now();
    return this.#attempt(path, (watched) => {
      const { log } = watched;
      watched.rotating?.abort();
      watched.inode = null;
      const file = log.inspect();
      const size = file?.size ?? 0;
      // A log that is much too large is copied in part by the next poll.
      if (size >= limits.max_size_bytes && size <= mostRotatedBytes(limits)) {
        log.rotateByRename(limits);
      } // Defer the sample, because this runs between a crash and the restart.
      else if (file !== null) queueMicrotask(() => log.note(file));
      Object.assign(watched, { dueAt: now + BUSY_POLL_MS, polledAt: now, end: log.end });
      this.#schedule(watched.dueAt);
      return log.end;
    }) ?? sizeOf(path);
  }

  /**
   * Returns the offset of a byte in the current file.
   *
   * @param path Path of the log.
   * @param byte Number of the byte.
   * @returns Offset in bytes; 0 if the byte is in a rotated file or was removed.
   */
  offsetOf(path: string, byte: number): number {
    return this.#attempt(path, ({ log }) => {
      using reader = new LogReader(path, log);
      const { generation, offset } = reader.locate(byte);
      return generation === log.layout.base ? offset : 0;
    }) ?? byte;
  }

  /**
   * Returns the last lines of a log.
   *
   * @param path Path of the log.
   * @param count How many lines.
   * @param from Number of the first byte to read.
   * @returns The lines, oldest first.
   * @throws {HaleError} `store_io` If they cannot be read.
   */
  tail(path: string, count: number, from: number): readonly string[] {
    const source = this.#attempt(path, ({ log }) => log);
    using reader = new LogReader(path, source);
    return lastLines(reader, count, { from });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = "closed";
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const { rotating } of this.#watched.values()) rotating?.abort();
    await this.#rotations;
  }

  #schedule(at: number): void {
    if (this.#state !== "started" || at >= this.#timerAt) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.#pollAll(), Math.max(0, at - performance.now()));
    // Polling must not keep the process alive.
    Deno.unrefTimer(this.#timer);
  }

  #pollAll(): void {
    this.#timerAt = Infinity;
    const now = performance.now();
    let next = now + IDLE_POLL_MS;
    for (const held of this.#options.held()) {
      const dueAt = this.#attempt(held.path, (watched) => {
        if (watched.dueAt <= now) this.#poll(held, watched, now);
        return watched.dueAt;
      });
      next = Math.min(next, dueAt ?? Infinity);
    }
    this.#schedule(next);
  }

  #poll(held: HeldLog, watched: WatchedLog, now: number): void {
    const { log } = watched;
    const file = log.inspect();
    if (file !== null) log.note(file);
    watched.dueAt = nextPoll(now, {
      size: file?.size ?? 0,
      maxSize: held.limits.max_size_bytes,
      grown: log.end - watched.end,
      elapsedMs: now - watched.polledAt,
    });
    watched.polledAt = now;
    watched.end = log.end;
    const isMoved = watched.inode !== null && watched.inode !== file?.inode;
    if (isMoved && watched.rotating === null) this.#gone(held, watched);
    if (file === null) this.#awaitReopen(held, watched, now);
    else {
      watched.missingSince = null;
      watched.inode = file.inode;
      if (file.size >= held.limits.max_size_bytes && watched.rotating === null) {
        this.#rotate(held, watched);
      }
    }
  }

  /** The program may not have opened its log yet. */
  #awaitReopen(held: HeldLog, watched: WatchedLog, now: number): void {
    if (watched.rotating !== null || watched.goneFor === held.launch) return;
    watched.missingSince ??= now;
    watched.dueAt = Math.min(watched.dueAt, watched.missingSince + REOPEN_MS);
    if (now < watched.missingSince + REOPEN_MS) return;
    if (held.limits.reopen_signal) this.#notReopened(held, watched);
    else this.#gone(held, watched);
  }

  #gone(held: HeldLog, watched: WatchedLog): void {
    if (watched.goneFor === held.launch) return;
    watched.goneFor = held.launch;
    held.gone();
  }

  #notReopened(held: HeldLog, watched: WatchedLog): void {
    if (!watched.log.undoRename()) return;
    watched.notReopening = held.launch;
    watched.dueAt = 0;
    held.notReopened();
  }

  #rotate(held: HeldLog, watched: WatchedLog): void {
    const ending = new AbortController();
    watched.rotating = ending;
    this.#rotations = this.#rotations.then(async () => {
      const startedAt = performance.now();
      try {
        if (!ending.signal.aborted) await this.#rotateNow(held, watched, ending.signal);
        this.#reported.delete(held.path);
      } catch (error) {
        this.#failed(held.path, error);
      }
      watched.rotating = null;
      const now = performance.now();
      watched.dueAt = Math.max(watched.dueAt, now + (now - startedAt) * REST_FACTOR);
    });
  }

  async #rotateNow(held: HeldLog, watched: WatchedLog, signal: AbortSignal): Promise<void> {
    const { log } = watched;
    const { limits } = held;
    const size = log.inspect()?.size ?? 0;
    // A snapshot of an older hale has no `reopen_signal`; without one, never send a signal.
    const reopenSignal = watched.notReopening === held.launch ? null : limits.reopen_signal ?? null;
    if (reopenSignal === null || size > mostRotatedBytes(limits)) {
      const emptied = await copyAndTruncate(log, limits, signal);
      if (emptied !== null) this.#options.onProblem(held.path, emptied);
      return;
    }
    log.rotateByRename(limits);
    watched.inode = null;
    watched.missingSince = performance.now();
    if (!await held.reopen(reopenSignal)) this.#notReopened(held, watched);
  }

  /** Runs an action on a log. An error is reported, and the log is opened again the next time. */
  #attempt<T>(path: string, act: (watched: WatchedLog) => T): T | undefined {
    try {
      let watched = this.#watched.get(path);
      if (watched === undefined) {
        const now = performance.now();
        const dueAt = this.#reported.has(path) ? now + IDLE_POLL_MS : now;
        watched = watchLog(RotatingLog.open(path), dueAt);
        this.#watched.set(path, watched);
      }
      return act(watched);
    } catch (error) {
      this.#failed(path, error);
    }
  }

  #failed(path: string, error: unknown): void {
    // Files may have been moved in part. Cancel a running copy; the next attempt recovers the log.
    this.#watched.get(path)?.rotating?.abort();
    this.#watched.delete(path);
    const message = messageOf(error);
    if (this.#reported.get(path) === message) return;
    this.#reported.set(path, message);
    this.#options.onProblem(path, logUnwritable(path, error));
  }
}

/** End of a log that cannot be opened for rotation, as if it had never been rotated. */
function sizeOf(path: string): number {
  try {
    return inspectFile(path)?.size ?? 0;
  } catch {
    return 0;
  }
}

/** Idle logs are polled together. */
function nextPoll(now: number, observed: Parameters<typeof pollInterval>[0]): number {
  const interval = pollInterval(observed);
  if (interval < IDLE_POLL_MS) return now + interval;
  return Math.ceil((now + 1) / IDLE_POLL_MS) * IDLE_POLL_MS;
}
