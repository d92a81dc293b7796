/**
 * Keeping the logs of running services within their limits.
 *
 * @module
 */

import type { LogsSpec } from "../../model/service_spec.ts";
import { messageOf } from "../../errors.ts";
import { copyAndTruncate } from "./copy_and_truncate.ts";
import { RotatingLog } from "./rotating_log.ts";
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
  /** Which run of the program: what one could not do, the next one may. */
  readonly launch: string;
  /** Asks the program to open its log anew. False: it could not be asked. */
  reopen(signal: string): Promise<boolean>;
  /** Told where the program did not do so. */
  notReopened(): void;
}

/** What a keeper works with. */
export interface LogRotatorOptions {
  /** The logs that are held open now. */
  held(): Iterable<HeldLog>;
  /** Told what could not be done to a log. It grows on meanwhile, and it is tried again. */
  onProblem(path: string, error: unknown): void;
}

/** A program that was asked to open its log anew gets this long. */
const REOPEN_MS = 2_000;

/** What a keeper knows of a log. */
interface Watched {
  readonly log: RotatingLog;
  dueAt: number;
  lookedAt: number;
  /** Number of the byte that was written next when it was looked at last. */
  end: number;
  /** Set while it is rotated; ends a copy that is being made. */
  rotating: AbortController | null;
  /** Since when there is no file; null where there is one. */
  missingSince: number | null;
  /** The launch that does not open its log anew. */
  stubborn: string | null;
}

/** Looks after logs. An idle one costs one look at a file every five seconds. */
export class LogRotator implements AsyncDisposable {
  readonly #options: LogRotatorOptions;
  readonly #watched = new Map<string, Watched>();
  /** What was told last of a log that cannot be kept: once is enough. */
  readonly #told = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #timerAt = Infinity;
  /** One rotation after the other: a disk does two things at once more slowly. */
  #rotations: Promise<void> = Promise.resolve();
  #state: "new" | "started" | "closed" = "new";

  constructor(options: LogRotatorOptions) {
    this.#options = options;
  }

  /** Begins to look after the logs that are held open. */
  start(): void {
    this.#state = "started";
    this.#schedule(performance.now() + BUSY_POLL_MS);
  }

  /**
   * Makes a log ready for a launch, whose program does not hold it open yet. A log that is full is
   * moved aside: at this moment nothing can be lost by it. Never throws: a log that cannot be kept
   * must not keep a service from running.
   *
   * @param path The log.
   * @param limits How much is kept.
   * @returns Number of the byte with which the launch begins.
   */
  prepare(path: string, limits: LogsSpec): number {
    const now = performance.now();
    return this.#attempt(path, (watched) => {
      const { log } = watched;
      watched.rotating?.abort();
      const file = log.inspect();
      const size = file?.size ?? 0;
      // The next look makes a smaller copy of one that is much too large.
      if (size >= limits.max_size_bytes && size <= mostRotatedBytes(limits)) {
        log.quarantineFile(limits);
      } // Later: between a crash and the restart nothing is written that can wait.
      else if (file !== null) queueMicrotask(() => log.note(file));
      Object.assign(watched, { dueAt: now + BUSY_POLL_MS, lookedAt: now, end: log.end });
      this.#schedule(watched.dueAt);
      return log.end;
    }) ?? sizeOf(path);
  }

  /**
   * Where a byte is in the file that is written to.
   *
   * @param path The log.
   * @param byte Its number.
   * @returns Bytes from the file's start; 0 where it has been rotated away.
   */
  offsetOf(path: string, byte: number): number {
    return this.#attempt(path, ({ log }) => {
      using reader = new LogReader(path, log);
      const { generation, offset } = reader.locate(byte);
      return generation === log.layout.base ? offset : 0;
    }) ?? byte;
  }

  /**
   * The last lines of a log.
   *
   * @param path The log.
   * @param count How many.
   * @param from Number of the byte before which nothing is looked at.
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
    this.#timer = setTimeout(() => this.#lookAtAll(), Math.max(0, at - performance.now()));
    // Whoever has nothing else to do may end.
    Deno.unrefTimer(this.#timer);
  }

  #lookAtAll(): void {
    this.#timerAt = Infinity;
    const now = performance.now();
    let next = now + IDLE_POLL_MS;
    for (const held of this.#options.held()) {
      const dueAt = this.#attempt(held.path, (watched) => {
        if (watched.dueAt <= now) this.#look(held, watched, now);
        return watched.dueAt;
      });
      next = Math.min(next, dueAt ?? Infinity);
    }
    this.#schedule(next);
  }

  #look(held: HeldLog, watched: Watched, now: number): void {
    const { log } = watched;
    const file = log.inspect();
    if (file !== null) log.note(file);
    watched.dueAt = nextLook(now, {
      size: file?.size ?? 0,
      maxSize: held.limits.max_size_bytes,
      grown: log.end - watched.end,
      elapsedMs: now - watched.lookedAt,
    });
    watched.lookedAt = now;
    watched.end = log.end;
    if (file === null) this.#lookForNewFile(held, watched, now);
    else {
      watched.missingSince = null;
      if (file.size >= held.limits.max_size_bytes && watched.rotating === null) {
        this.#rotate(held, watched);
      }
    }
  }

  /** A program that was asked to open its log anew may not have done so yet. */
  #lookForNewFile(held: HeldLog, watched: Watched, now: number): void {
    if (!held.limits.reopen_signal || watched.rotating !== null) return;
    watched.missingSince ??= now;
    watched.dueAt = Math.min(watched.dueAt, watched.missingSince + REOPEN_MS);
    if (now < watched.missingSince + REOPEN_MS) return;
    this.#notReopened(held, watched);
  }

  #notReopened(held: HeldLog, watched: Watched): void {
    if (!watched.log.takeBack()) return;
    watched.stubborn = held.launch;
    watched.dueAt = 0;
    held.notReopened();
  }

  #rotate(held: HeldLog, watched: Watched): void {
    const ending = new AbortController();
    watched.rotating = ending;
    this.#rotations = this.#rotations.then(async () => {
      const startedAt = performance.now();
      try {
        if (!ending.signal.aborted) await this.#rotateNow(held, watched, ending.signal);
        this.#told.delete(held.path);
      } catch (error) {
        this.#failed(held.path, error);
      }
      watched.rotating = null;
      const now = performance.now();
      watched.dueAt = Math.max(watched.dueAt, now + (now - startedAt) * REST_FACTOR);
    });
  }

  async #rotateNow(held: HeldLog, watched: Watched, signal: AbortSignal): Promise<void> {
    const { log } = watched;
    const { limits } = held;
    const size = log.inspect()?.size ?? 0;
    // What an older hale has written down does not know the signal: never signal by mistake.
    const reopenSignal = watched.stubborn === held.launch ? null : limits.reopen_signal ?? null;
    if (reopenSignal === null || size > mostRotatedBytes(limits)) {
      const emptied = await copyAndTruncate(log, limits, signal);
      if (emptied !== null) this.#options.onProblem(held.path, emptied);
      return;
    }
    log.quarantineFile(limits);
    watched.missingSince = performance.now();
    if (!await held.reopen(reopenSignal)) this.#notReopened(held, watched);
  }

  /** Does something with a log. What goes wrong is told, and the log is taken over anew next time. */
  #attempt<T>(path: string, act: (watched: Watched) => T): T | undefined {
    try {
      let watched = this.#watched.get(path);
      if (watched === undefined) {
        const now = performance.now();
        const dueAt = this.#told.has(path) ? now + IDLE_POLL_MS : now;
        watched = newlyWatched(RotatingLog.open(path), dueAt);
        this.#watched.set(path, watched);
      }
      return act(watched);
    } catch (error) {
      this.#failed(path, error);
    }
  }

  #failed(path: string, error: unknown): void {
    // Files may have been moved in part: the next attempt finds out, and no copy is made meanwhile.
    this.#watched.get(path)?.rotating?.abort();
    this.#watched.delete(path);
    const message = messageOf(error);
    if (this.#told.get(path) === message) return;
    this.#told.set(path, message);
    this.#options.onProblem(path, logUnwritable(path, error));
  }
}

/** Where a log that cannot be kept goes on: as if it had never been rotated. */
function sizeOf(path: string): number {
  try {
    return inspectFile(path)?.size ?? 0;
  } catch {
    return 0;
  }
}

function newlyWatched(log: RotatingLog, dueAt: number): Watched {
  return {
    log,
    dueAt,
    lookedAt: performance.now(),
    end: log.end,
    rotating: null,
    missingSince: null,
    stubborn: null,
  };
}

/** Those that nothing happens to are looked at together. */
function nextLook(now: number, seen: Parameters<typeof pollInterval>[0]): number {
  const interval = pollInterval(seen);
  if (interval < IDLE_POLL_MS) return now + interval;
  return Math.ceil((now + 1) / IDLE_POLL_MS) * IDLE_POLL_MS;
}
