/**
 * The writing end of the audit log.
 *
 * @module
 */

import { asHaleError, HaleError } from "../errors.ts";
import type { Actor, AuditEntry } from "../model/audit_record.ts";
import { lockFile, tryLockFileSync } from "../platform/file_lock.ts";
import { syncFolder } from "../platform/mod.ts";
import { dirname } from "../platform/path.ts";
import { appendToChain, type ChainEnd } from "./audit_chain.ts";
import { storeIo } from "../files/io_error.ts";
import type { DatedEntry } from "./audit_line.ts";

/** Where the audit log is, and who writes. */
export interface AuditLogOptions {
  readonly path: string;
  /** Of several programs that append, one does at a time: the supervisor, and commands. */
  readonly lockPath: string;
  /** On whose behalf the log itself is mended. */
  readonly actor: Actor;
  /** Bytes from which a file of the log is full. @default 64 MiB */
  readonly fileBytes?: number;
  /**
   * Told what could not be written. It stays in memory and is tried again with the next act, or by
   * {@linkcode AuditLog.flush}.
   */
  readonly onProblem?: (error: HaleError) => void;
}

/** A writer holds the lock for less than a millisecond; one that was stopped holds it for ever. */
const LOCK_MS = 10_000;

/** Some 150,000 records: a file that can still be mailed, and opened with an editor. */
const FILE_BYTES = 64 * 1024 ** 2;

/**
 * Appends acts to the audit log in the order in which they are told.
 *
 * What one turn of the event loop tells is written together when that turn is over, so that nothing
 * waits for the log between the end of a service and its restart. What is in the file by then no kill
 * of this program loses.
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
  /** While somebody else has the lock. */
  #waiting: Promise<void> | null = null;
  #syncing: Promise<void> | null = null;
  #isSynced = true;

  /** @param options Where the log is. Nothing is opened yet. */
  constructor(options: AuditLogOptions) {
    this.#options = options;
  }

  /**
   * Tells of an act, now. It is in the file when this turn of the event loop is over, unless another
   * program appends at this very moment.
   *
   * @param entry The act.
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
        this.#tell(error);
      }
    });
  }

  /**
   * Waits until every act told so far outlives a power cut.
   *
   * @throws {HaleError} `store_locked` If another program keeps the log locked, `store_io` if the
   * system refuses it. The acts are kept and tried again.
   */
  async flush(): Promise<void> {
    while (this.#queue.length > 0) await this.#writeLater();
    await this.#sync();
  }

  /** Writes, unless somebody else has the lock: then as soon as that is free. */
  #writeNow(): void {
    if (this.#waiting !== null || this.#queue.length === 0) return;
    const lock = tryLockFileSync(this.#options.lockPath);
    if (lock === null) {
      this.#writeLater().catch((error) => this.#tell(error));
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
    const patience = AbortSignal.timeout(LOCK_MS);
    using _lock = await lockFile(lockPath, { signal: patience }).catch((error) => {
      throw patience.aborted ? stillLocked(lockPath) : error;
    });
    this.#write();
  }

  /** The caller holds the lock. */
  #write(): void {
    const { path, actor, fileBytes = FILE_BYTES } = this.#options;
    this.#end = appendToChain(path, this.#queue, { known: this.#end, actor, fileBytes });
    this.#queue = [];
    this.#isSynced = false;
    this.#sync().catch((error) => this.#tell(error));
  }

  /** One sync at a time, until all that was written is on disk. */
  #sync(): Promise<void> {
    this.#syncing ??= this.#putOnDisk().finally(() => this.#syncing = null);
    return this.#syncing;
  }

  async #putOnDisk(): Promise<void> {
    const { path } = this.#options;
    try {
      while (!this.#isSynced) {
        this.#isSynced = true;
        using file = Deno.openSync(path, { read: true, write: true }); // Windows wants to write.
        await file.sync();
        await syncFolder(dirname(path));
      }
    } catch (error) {
      this.#isSynced = false;
      throw storeIo("sync the audit log", path, error);
    }
  }

  #tell(error: unknown): void {
    this.#options.onProblem?.(asHaleError(error, "store_io"));
  }
}

function stillLocked(path: string): HaleError {
  return new HaleError(
    "store_locked",
    `Another program has kept the audit log locked for ${LOCK_MS / 1000} s (${path}). Look for a ` +
      "hale that was stopped and does not run on.",
    { fields: { path } },
  );
}
