/**
 * The writer of a log of records.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import { dirname } from "../../platform/path.ts";
import type { HaleError } from "../../errors.ts";
import type { RecordHead } from "../../model/records.ts";
import type { LogLimits } from "../../model/service_spec.ts";
import { syncName } from "../../files/disk_sync.ts";
import { ensurePrivateFolder } from "../../files/private_folder.ts";
import { type Quarantined, type RecoveredLog, recoverLog } from "./recover_log.ts";
import { listSegments, segmentPath } from "./segments.ts";
import { GroupCommit } from "../../files/group_commit.ts";
import { storeIo, unreadable } from "../../files/io_error.ts";
import { applyRetention } from "./retention.ts";
import { writeAllSync } from "../../files/write_all.ts";
import { isThere } from "../../files/is_there.ts";
import { ifThere } from "../../files/if_there.ts";
import { renameSync } from "../../platform/retry_while_held.ts";

/** A record that was appended to a log. */
export interface Appended<R> {
  readonly record: R;
  /**
   * Settles once the record is synced. Before that it survives a kill of the process, but not a power
   * cut. It may be ignored: its rejection is never reported as unhandled.
   */
  readonly durable: Promise<void>;
}

/** Settings of {@linkcode JsonLinesWriter}. */
export interface LogOptions {
  /** What an append does, for the error message. */
  readonly operation: string;
  /** Lowest next id, also if the log has lower ids. @default 1 */
  readonly nextId?: number;
  /** Limits of the log. @default everything is kept, in one file */
  readonly limits?: LogLimits;
  /** Returns the id of the last record that all followers have read. @default no followers */
  readonly readUpTo?: () => Promise<number>;
  /** Called if a segment cannot be created or removed. Appends still work. */
  readonly onTrouble?: (error: HaleError) => void;
}

/**
 * Appends records to a log, with increasing ids. There must be no other writer.
 *
 * The file is open only from an append until its sync, because a supervisor may write hundreds of logs.
 *
 * @example
 * ```ts
 * import { JsonLinesWriter } from "./writer.ts";
 * const log = JsonLinesWriter.open<{ type: string }>("/tmp/hale-example/events.jsonl", {
 *   operation: "append an event",
 * });
 * const { record, durable } = log.append({ type: "hello" });
 * await durable;
 * console.log(record.id, record.type);
 * ```
 */
export class JsonLinesWriter<T extends object> {
  readonly #path: string;
  readonly #options: LogOptions;
  readonly #sync = new GroupCommit(() => this.#syncFiles());
  /** Incomplete records that were quarantined when the log was opened. */
  readonly quarantined: readonly Quarantined[];
  #limits: LogLimits;
  #size: number;
  /** Id of the first record of the active file; null if it is empty. */
  #firstId: number | null;
  #nextId: number;
  /** Whether the file may end with a partial line. */
  #torn = false;
  /** Whether the name of the file is synced, so that it exists after a power cut. */
  #named: boolean;
  /** The active file, open while it has unsynced records. */
  #file: Deno.FsFile | null = null;
  /** Segments with unsynced records. */
  readonly #unsynced: Deno.FsFile[] = [];
  /** Whether retention is due, because a segment was added or the limits have changed. */
  #retentionDue = true;
  /** Size above which a new file is created. Higher after a failed attempt. */
  #rotateAbove: number;

  private constructor(path: string, recovered: RecoveredFiles, options: LogOptions) {
    const { active, older } = recovered;
    this.#path = path;
    this.#options = options;
    this.#limits = options.limits ?? UNLIMITED;
    this.#rotateAbove = this.#limits.segment_bytes;
    this.quarantined = [older?.quarantined ?? [], active.quarantined ?? []].flat();
    this.#size = active.size;
    this.#named = active.size > 0;
    const lastId = Math.max(active.lastId, older?.lastId ?? 0);
    this.#nextId = Math.max(lastId + 1, options.nextId ?? 1);
    this.#firstId = active.size === 0 ? null : active.firstId ?? (older?.lastId ?? 0) + 1;
  }

  /**
   * Opens a log and recovers its end; see {@linkcode recoverLog}.
   *
   * @param path The log. Created by the first append.
   * @param options The settings.
   * @returns The writer.
   * @throws {HaleError} `store_corrupt` If the last complete line is not a record, `store_io` if a file
   * cannot be read or written.
   */
  static open<T extends object>(path: string, options: LogOptions): JsonLinesWriter<T> {
    return new JsonLinesWriter<T>(path, recoverFiles(path, options.operation), options);
  }

  /** Id of the next record. */
  get nextId(): number {
    return this.#nextId;
  }

  /** Changes the limits. Segments above them are removed after the next append. */
  setLimits(limits: LogLimits): void {
    this.#limits = limits;
    this.#rotateAbove = limits.segment_bytes;
    this.#retentionDue = true;
  }

  /**
   * Appends a record. It is in the file when this returns, so a kill of this process does not lose it.
   *
   * @param data Fields of the record. They must be representable in JSON.
   * @param now Time of the record. @default the current time
   * @returns The record, and a promise that settles once it is synced.
   * @throws {HaleError} `store_io` If it cannot be written. The log is then unchanged, and the next
   * record gets the id.
   */
  append(data: T, now: Date = new Date()): Appended<RecordHead & T> {
    const record = { id: this.#nextId, at: now.toISOString(), ...data };
    const line = new TextEncoder().encode(JSON.stringify(record) + "\n");
    if (this.#size > 0 && this.#size + line.length > this.#rotateAbove) this.#beginSegment();
    this.#write(line);
    this.#size += line.length;
    this.#firstId ??= this.#nextId;
    this.#nextId++;
    return { record, durable: this.#sync.request() };
  }

  /** Renames the active file to a segment. The next write creates a new file. */
  #beginSegment(): void {
    try {
      if (this.#torn) this.#truncateTorn();
      renameToFreeName(this.#path, segmentPath(this.#path, this.#firstId!));
      if (this.#file !== null) this.#unsynced.push(this.#file);
      this.#file = null;
      this.#size = 0;
      this.#firstId = null;
      this.#named = false;
      this.#retentionDue = true;
      this.#rotateAbove = this.#limits.segment_bytes;
    } catch (error) {
      // Append to the large file instead of losing the record.
      this.#rotateAbove = this.#size + this.#limits.segment_bytes;
      this.#report(storeIo("begin a new segment of the log", this.#path, error));
    }
  }

  async #syncFiles(): Promise<void> {
    const { operation } = this.#options;
    const files = this.#unsynced.splice(0);
    if (this.#file !== null) files.push(this.#file);
    this.#file = null;
    const firstId = this.#firstId;
    try {
      for (const file of files) await file.sync();
    } catch (error) {
      throw storeIo(operation, this.#path, error);
    } finally {
      for (const file of files) file.close();
    }
    if (!this.#named) {
      await syncName(this.#path, operation);
      // If a new file was created meanwhile, its name is not synced yet.
      this.#named = this.#firstId === firstId;
    }
    if (this.#retentionDue) await this.#applyRetention();
  }

  async #applyRetention(): Promise<void> {
    this.#retentionDue = false;
    try {
      await applyRetention(this.#path, {
        limits: this.#limits,
        readUpTo: this.#options.readUpTo ?? (() => Promise.resolve(Infinity)),
        activeFrom: this.#firstId,
      });
    } catch (error) {
      this.#report(unreadable("remove old segments of the log", this.#path, error));
    }
  }

  #report(error: HaleError): void {
    // Deferred, because the callback may append to this log.
    queueMicrotask(() => this.#options.onTrouble?.(error));
  }

  #write(line: Uint8Array): void {
    const { operation } = this.#options;
    const unsynced = this.#file;
    try {
      if (this.#torn) this.#truncateTorn();
      if (this.#size === 0) ensurePrivateFolder(dirname(this.#path), operation);
      this.#file ??= Deno.openSync(regularFile(this.#path), {
        append: true,
        create: true,
        mode: 0o600,
      });
      this.#torn = true;
      writeAllSync(this.#file, line);
      this.#torn = false;
    } catch (error) {
      try {
        this.#truncateTorn();
      } catch {
        // Tried again before the next append: nothing may follow a partial line.
      }
      // No sync is pending that would close it.
      if (unsynced === null) this.#file?.close();
      this.#file = unsynced;
      throw storeIo(operation, this.#path, error);
    }
  }

  /** Removes the partial line of a failed write, such as one to a full disk. */
  #truncateTorn(): void {
    ifThere(() => Deno.truncateSync(this.#path, this.#size));
    this.#torn = false;
  }
}

const UNLIMITED: LogLimits = { segment_bytes: Infinity, max_bytes: Infinity };

interface RecoveredFiles {
  readonly active: RecoveredLog;
  /** The newest segment; null if there is none. */
  readonly older: RecoveredLog | null;
}

function recoverFiles(path: string, operation: string): RecoveredFiles {
  return { older: recoverNewestSegment(path, operation), active: recoverLog(path, operation) };
}

/** Recovers the newest segment: a power cut may have hit it before its last records were synced. */
function recoverNewestSegment(path: string, operation: string): RecoveredLog | null {
  let newest;
  try {
    newest = listSegments(path).at(-1);
  } catch (error) {
    throw unreadable(operation, dirname(path), error);
  }
  if (newest === undefined) return null;
  const recovered = recoverLog(newest.path, operation);
  // The id in its name was used, even if the segment is empty now.
  return { ...recovered, lastId: Math.max(recovered.lastId, newest.firstId) };
}

function renameToFreeName(from: string, to: string): void {
  if (isThere(to)) throw new Deno.errors.AlreadyExists(`${to} already exists`);
  renameSync(from, to);
}
