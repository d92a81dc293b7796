/**
 * The writing end of a log of records.
 *
 * @module
 */

import { dirname } from "../platform/path.ts";
import type { RecordHead } from "../model/records.ts";
import { syncFile, syncName } from "./disk_sync.ts";
import { ensurePrivateFolder } from "./private_folder.ts";
import { type RecoveredLog, recoverLog } from "./recover_log.ts";
import { SharedSync } from "./shared_sync.ts";
import { storeIo } from "./store_error.ts";

/** A record that stands in its log. */
export interface Appended<R> {
  readonly record: R;
  /**
   * Settles when the record outlives a power cut; until then it outlives the program alone. Nobody
   * has to look at it: a failure that is left alone does not end the program.
   */
  readonly durable: Promise<void>;
}

/**
 * Appends records to a log. Their ids rise for ever. There must be no other writer.
 *
 * The file is opened for each append (3 µs): a supervisor of hundreds of services would otherwise
 * hold as many files open.
 *
 * @example
 * ```ts
 * import { JsonLinesWriter } from "./json_lines.ts";
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
  readonly #operation: string;
  readonly #sync: SharedSync;
  /** What was cut off from the log's torn end when it was opened. */
  readonly setAside: RecoveredLog["setAside"];
  #size: number;
  #nextId: number;
  /** Whether half a line may stand at the end of the file. */
  #torn = false;
  /** Whether the name of the file is on disk, so that its contents can be found there. */
  #named: boolean;

  /**
   * @param path The log, made whole already: {@linkcode JsonLinesWriter.open} does both.
   * @param recovered What making it whole has found.
   * @param options See {@linkcode JsonLinesWriter.open}.
   */
  constructor(
    path: string,
    recovered: RecoveredLog,
    options: { operation: string; nextId?: number },
  ) {
    this.#path = path;
    this.#operation = options.operation;
    this.#sync = new SharedSync(() => this.#putOnDisk());
    this.#named = recovered.size > 0;
    this.setAside = recovered.setAside;
    this.#size = recovered.size;
    this.#nextId = Math.max(recovered.lastId + 1, options.nextId ?? 1);
  }

  /**
   * Opens a log and makes its end whole; see {@linkcode recoverLog}.
   *
   * @param path The log. It is created by the first append.
   * @param options `operation`: what it is for, in case of an error. `nextId`: the next id is at
   * least this, whatever the log holds (default 1).
   * @returns Its writer.
   * @throws {HaleError} `store_corrupt` If the last whole line is no record, `store_io` if the system
   * refuses to read or to write.
   */
  static open<T extends object>(
    path: string,
    options: { operation: string; nextId?: number },
  ): JsonLinesWriter<T> {
    return new JsonLinesWriter<T>(path, recoverLog(path, options.operation), options);
  }

  /** The id that the next record gets. */
  get nextId(): number {
    return this.#nextId;
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
    this.#write(line);
    this.#size += line.length;
    this.#nextId++;
    return { record, durable: this.#sync.request() };
  }

  async #putOnDisk(): Promise<void> {
    await syncFile(this.#path, this.#operation);
    if (this.#named) return;
    await syncName(this.#path, this.#operation);
    this.#named = true;
  }

  #write(line: Uint8Array): void {
    try {
      if (this.#torn) this.#takeBack();
      if (this.#size === 0) ensurePrivateFolder(dirname(this.#path), this.#operation);
      this.#torn = true;
      Deno.writeFileSync(this.#path, line, { append: true, mode: 0o600 });
      this.#torn = false;
    } catch (error) {
      try {
        this.#takeBack();
      } catch {
        // Tried again before the next append: nothing may follow half a line.
      }
      throw storeIo(this.#operation, this.#path, error);
    }
  }

  /** Cuts off what a refused write, such as one to a full disk, left behind. */
  #takeBack(): void {
    try {
      Deno.truncateSync(this.#path, this.#size);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    this.#torn = false;
  }
}
