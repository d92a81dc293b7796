/**
 * The writer of the audit log.
 *
 * @module
 */

import { regularFile } from "../files/regular_file.ts";
import { asHaleError, HaleError } from "../errors.ts";
import type { Actor, AuditEntry } from "../model/audit_record.ts";
import { type FileLock, lockFile, tryLockFileSync } from "../platform/file_lock.ts";
import { syncFolder } from "../platform/mod.ts";
import { dirname } from "../platform/path.ts";
import { appendToChain, type ChainEnd } from "./audit_chain.ts";
import { storeIo } from "../files/io_error.ts";
import type { DatedEntry } from "./audit_line.ts";

/** Settings of {@linkcode AuditLog}. */
export interface AuditLogOptions {
  /** The active file. */
  readonly path: string;
  /** Lock that serializes the appends of the supervisor and of commands. */
  readonly lockPath: string;
  /** Recorded as the actor of repairs of the log. */
  readonly actor: Actor;
  /** Size in bytes from which a file is full. @default 64 MiB */
  readonly fileBytes?: number;
  /**
   * Called if entries cannot be written. They stay in memory and are written with the next entry, or by
   * {@linkcode AuditLog.flush}.
   */
  readonly onProblem?: (error: HaleError) => void;
}

/** A writer holds the lock for less than a millisecond, but a suspended one does not release it. */
const LOCK_MS = 10_000;

/** Attempts of a write that must not wait long, one a millisecond. */
const LOCK_ATTEMPTS = 20;
const PAUSE = new Int32Array(new SharedArrayBuffer(4));

const RETRY_MS = 500;

/** About 150,000 records: still small enough for mail and for an editor. */
const FILE_BYTES = 64 * 1024 ** 2;

/**
 * Appends entries to the audit log in the order of the calls.
 *
 * The entries of one turn of the event loop are written together at its end, so that the log does not
 * delay the restart of a service. A kill of this process after that does not lose them.
 *
 * @example
 * ```ts
 * import { AuditLog } from "./audit_log.ts";
 * const log = new AuditLog({
 *   path: "/tmp/hale-example/audit.jsonl",
 *   lockPath: "/tmp/hale-example/lock",
 *   actor: { user: "ann", how: "cli" },
 * });
 * log.add({ server: "api", action: "start", pid: 7, actor: { user: "ann", how: "cli" } });
 * await log.flush();
 * ```
 */
export class AuditLog {
  readonly #options: AuditLogOptions;
  #queue: DatedEntry[] = [];
  #end: ChainEnd | null = null;
  #isScheduled = false;
  #retrying: ReturnType<typeof setTimeout> | null = null;
  /** Set while another process holds the lock. */
  #waiting: Promise<void> | null = null;
  #syncing: Promise<void> | null = null;
  #isSynced = true;

  /** @param options The settings. Nothing is opened yet. */
  constructor(options: AuditLogOptions) {
    this.#options = options;
  }

  /**
   * Adds an entry with the current time. It is in the file at the end of this turn of the event loop,
   * or later if another process holds the lock.
   *
   * @param entry The entry.
   */
  add(entry: AuditEntry): void {
    this.#queue.push({ entry, epochSecs: Math.floor(Date.now() / 1000) });
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      try {
        this.#writeNow();
      } catch (error) {
        this.#keep(error);
      }
    });
  }

  /** Reports a failed write once, until the entries are written. */
  #keep(error: unknown): void {
    if (this.#retrying === null) this.#report(error);
    this.#retry();
  }

  /** Writes the kept entries later: a full or read-only disk must not lose them. */
  #retry(): void {
    this.#retrying ??= setTimeout(() => {
      this.#retrying = null;
      try {
        this.#writeNow();
      } catch {
        this.#retry();
      }
    }, RETRY_MS);
    // A command does not wait for it: its flush() says that the entries could not be written.
    Deno.unrefTimer(this.#retrying);
  }

  /**
   * Writes all entries added so far, before this returns unless another process holds the lock for long
   * or the write fails: then they stay queued. For acts that must be recorded before what follows them.
   */
  writeNow(): void {
    try {
      const lock = this.#waiting === null && this.#queue.length > 0 && this.#lockSoon();
      if (!lock) return;
      using _lock = lock;
      this.#write();
    } catch (error) {
      this.#keep(error);
    }
  }

  /** Returns null if the lock is not free soon. A writer holds it for less than a millisecond. */
  #lockSoon(): FileLock | null {
    for (let attempt = 1;; attempt++) {
      const lock = tryLockFileSync(this.#options.lockPath);
      if (lock !== null || attempt === LOCK_ATTEMPTS) return lock;
      Atomics.wait(PAUSE, 0, 0, 1);
    }
  }

  /**
   * Waits until all entries added so far are synced to disk.
   *
   * @throws {HaleError} `store_locked` If another process keeps the log locked, `store_io` if they
   * cannot be written. The entries are kept and tried again.
   */
  async flush(): Promise<void> {
    while (this.#queue.length > 0) await this.#writeLater();
    await this.#sync();
  }

  /** Writes now, or once the lock is free if another process holds it. */
  #writeNow(): void {
    if (this.#waiting !== null || this.#queue.length === 0) return;
    const lock = tryLockFileSync(this.#options.lockPath);
    if (lock === null) {
      this.#writeLater().catch((error) => this.#report(error));
      return;
    }
    using _lock = lock;
    this.#write();
  }

  #writeLater(): Promise<void> {
    this.#waiting ??= this.#lockAndWrite().finally(() => this.#waiting = null);
    return this.#waiting;
  }

  async #lockAndWrite(): Promise<void> {
    const { lockPath } = this.#options;
    const timeout = AbortSignal.timeout(LOCK_MS);
    using _lock = await lockFile(lockPath, { signal: timeout }).catch((error) => {
      throw timeout.aborted ? lockTimeout(lockPath) : error;
    });
    this.#write();
  }

  /** The caller holds the lock. */
  #write(): void {
    const { path, actor, fileBytes = FILE_BYTES } = this.#options;
    this.#end = appendToChain(path, this.#queue, { known: this.#end, actor, fileBytes });
    this.#queue = [];
    this.#isSynced = false;
    this.#sync().catch((error) => this.#report(error));
  }

  /** Syncs until all written records are on disk. Concurrent calls share one run. */
  #sync(): Promise<void> {
    this.#syncing ??= this.#putOnDisk().finally(() => this.#syncing = null);
    return this.#syncing;
  }

  async #putOnDisk(): Promise<void> {
    const { path } = this.#options;
    try {
      while (!this.#isSynced) {
        this.#isSynced = true;
        using file = Deno.openSync(regularFile(path), { read: true, write: true }); // Windows syncs only writable files.
        await file.sync();
        await syncFolder(dirname(path));
      }
    } catch (error) {
      this.#isSynced = false;
      throw storeIo("sync the audit log", path, error);
    }
  }

  #report(error: unknown): void {
    this.#options.onProblem?.(asHaleError(error, "store_io"));
  }
}

function lockTimeout(path: string): HaleError {
  return new HaleError(
    "store_locked",
    `Could not append to the audit log: another process has held its lock ${path} for ` +
      `${LOCK_MS / 1000} s. Look for a suspended hale process.`,
    { fields: { path } },
  );
}
