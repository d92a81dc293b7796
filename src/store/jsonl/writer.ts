/**
 * The writing end of a log of records.
 *
 * @module
 */

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

/** A record that stands in its log. */
export interface Appended<R> {
  readonly record: R;
  /**
   * Settles when the record outlives a power cut; until then it outlives the program alone. Nobody
   * has to look at it: a failure that is left alone does not end the program.
   */
  readonly durable: Promise<void>;
}

/** How a log is written. */
export interface LogOptions {
  /** What appending is for, in case of an error. */
  readonly operation: string;
  /** The next id is at least this, whatever the log holds. @default 1 */
  readonly nextId?: number;
  /** How much is kept. @default all of it, in one file */
  readonly limits?: LogLimits;
  /** Gives the id of the last record that every follower has read. @default there are no followers */
  readonly readUpTo?: () => Promise<number>;
  /** Told where a segment could not be begun or removed; appending goes on. */
  readonly onTrouble?: (error: HaleError) => void;
}

/**
 * Appends records to a log. Their ids rise for ever. There must be no other writer.
 *
 * The file is open from an append until that is on disk: a supervisor of hundreds of services would
 * otherwise hold as many files open.
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
  readonly #sync = new GroupCommit(() => this.#putOnDisk());
  /** What was cut off from a torn end when the log was opened. */
  readonly setAside: readonly Quarantined[];
  #limits: LogLimits;
  #size: number;
  /** Id of the first record of the file that is written; null while that is empty. */
  #firstId: number | null;
  #nextId: number;
  /** Whether half a line may stand at the end of the file. */
  #torn = false;
  /** Whether the name of the file is on disk, so that its contents can be found there. */
  #named: boolean;
  /** The file while records in it are not on disk. */
  #file: Deno.FsFile | null = null;
  /** Segments whose last records are not on disk. */
  readonly #unsynced: Deno.FsFile[] = [];
  /** Whether a segment has come since the log was last looked through for old ones. */
  #trimDue = true;
  /** Size above which a new file is begun. Later where that was refused. */
  #beginAbove: number;

  private constructor(path: string, recovered: RecoveredFiles, options: LogOptions) {
    const { active, older } = recovered;
    this.#path = path;
    this.#options = options;
    this.#limits = options.limits ?? UNLIMITED;
    this.#beginAbove = this.#limits.segment_bytes;
    this.setAside = [older?.setAside ?? [], active.setAside ?? []].flat();
    this.#size = active.size;
    this.#named = active.size > 0;
    const lastId = Math.max(active.lastId, older?.lastId ?? 0);
    this.#nextId = Math.max(lastId + 1, options.nextId ?? 1);
    this.#firstId = active.size === 0 ? null : active.firstId ?? (older?.lastId ?? 0) + 1;
  }

  /**
   * Opens a log and makes its end whole; see {@linkcode recoverLog}.
   *
   * @param path The log. It is created by the first append.
   * @param options How it is written.
   * @returns Its writer.
   * @throws {HaleError} `store_corrupt` If the last whole line is no record, `store_io` if the system
   * refuses to read or to write.
   */
  static open<T extends object>(path: string, options: LogOptions): JsonLinesWriter<T> {
    return new JsonLinesWriter<T>(path, recoverFiles(path, options.operation), options);
  }

  /** The id that the next record gets. */
  get nextId(): number {
    return this.#nextId;
  }

  /** Changes how much is kept. What is too much goes with the next segment. */
  setLimits(limits: LogLimits): void {
    this.#limits = limits;
    this.#beginAbove = limits.segment_bytes;
    this.#trimDue = true;
  }

  /**
   * Appends a record. Its line is in the file when this returns, and a killed program does not lose
   * it.
   *
   * @param data What the record says. It must survive JSON.
   * @param now When it was.
   * @returns The record and when it is on disk.
   * @throws {HaleError} `store_io` If the system refuses it: the log is as it was, and the id is
   * given to the next record.
   */
  append(data: T, now: Date = new Date()): Appended<RecordHead & T> {
    const record = { id: this.#nextId, at: now.toISOString(), ...data };
    const line = new TextEncoder().encode(JSON.stringify(record) + "\n");
    if (this.#size > 0 && this.#size + line.length > this.#beginAbove) this.#beginFile();
    this.#write(line);
    this.#size += line.length;
    this.#firstId ??= this.#nextId;
    this.#nextId++;
    return { record, durable: this.#sync.request() };
  }

  /** Makes the file a segment. The next append creates another one. */
  #beginFile(): void {
    try {
      if (this.#torn) this.#takeBack();
      renameToFreeName(this.#path, segmentPath(this.#path, this.#firstId!));
      if (this.#file !== null) this.#unsynced.push(this.#file);
      this.#file = null;
      this.#size = 0;
      this.#firstId = null;
      this.#named = false;
      this.#trimDue = true;
      this.#beginAbove = this.#limits.segment_bytes;
    } catch (error) {
      // The record matters more than the file it stands in.
      this.#beginAbove = this.#size + this.#limits.segment_bytes;
      this.#tell(storeIo("begin a new segment of the log", this.#path, error));
    }
  }

  async #putOnDisk(): Promise<void> {
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
      // Another file may have been begun meanwhile: it has yet to be named.
      this.#named = this.#firstId === firstId;
    }
    if (this.#trimDue) await this.#trim();
  }

  async #trim(): Promise<void> {
    this.#trimDue = false;
    try {
      await applyRetention(this.#path, {
        limits: this.#limits,
        readUpTo: this.#options.readUpTo ?? (() => Promise.resolve(Infinity)),
        activeFrom: this.#firstId,
      });
    } catch (error) {
      this.#tell(unreadable("remove old segments of the log", this.#path, error));
    }
  }

  #tell(error: HaleError): void {
    // Later: whoever is told may append to this very log.
    queueMicrotask(() => this.#options.onTrouble?.(error));
  }

  #write(line: Uint8Array): void {
    const { operation } = this.#options;
    const unsynced = this.#file;
    try {
      if (this.#torn) this.#takeBack();
      if (this.#size === 0) ensurePrivateFolder(dirname(this.#path), operation);
      this.#file ??= Deno.openSync(this.#path, { append: true, create: true, mode: 0o600 });
      this.#torn = true;
      writeAllSync(this.#file, line);
      this.#torn = false;
    } catch (error) {
      try {
        this.#takeBack();
      } catch {
        // Tried again before the next append: nothing may follow half a line.
      }
      // Nobody waits for the sync that would close it.
      if (unsynced === null) this.#file?.close();
      this.#file = unsynced;
      throw storeIo(operation, this.#path, error);
    }
  }

  /** Cuts off what a refused write, such as one to a full disk, left behind. */
  #takeBack(): void {
    ifThere(() => Deno.truncateSync(this.#path, this.#size));
    this.#torn = false;
  }
}

const UNLIMITED: LogLimits = { segment_bytes: Infinity, max_bytes: Infinity };

interface RecoveredFiles {
  readonly active: RecoveredLog;
  /** The newest segment; null where there is none. */
  readonly older: RecoveredLog | null;
}

function recoverFiles(path: string, operation: string): RecoveredFiles {
  return { older: recoverNewestSegment(path, operation), active: recoverLog(path, operation) };
}

/** Its last records may not have been on disk when the power was cut. */
function recoverNewestSegment(path: string, operation: string): RecoveredLog | null {
  let newest;
  try {
    newest = listSegments(path).at(-1);
  } catch (error) {
    throw unreadable(operation, dirname(path), error);
  }
  if (newest === undefined) return null;
  const recovered = recoverLog(newest.path, operation);
  // Its name tells an id that was given away, whatever is left of it.
  return { ...recovered, lastId: Math.max(recovered.lastId, newest.firstId) };
}

function renameToFreeName(from: string, to: string): void {
  if (isThere(to)) throw new Deno.errors.AlreadyExists(`${to} is there already`);
  Deno.renameSync(from, to);
}
