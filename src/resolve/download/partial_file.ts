import type { Hash } from "node:crypto";
import { redactUrl } from "../../text/redact_url.ts";
import { readChunks } from "../../files/read_chunks.ts";
import { endingFile, regularFile } from "../../files/regular_file.ts";
import { sha256 } from "../../files/sha256.ts";
import { removeIfThere, tryRemove } from "../../files/remove_if_there.ts";
import { writeAll } from "../../files/write_all.ts";

/** State of an unfinished transfer. Stored as JSON beside the file. */
interface PartialRecord {
  readonly schema_version: 1;
  readonly url: string;
  readonly validator: string;
  readonly total: number | null;
}

/**
 * A file that is being downloaded. It is kept when the process ends, so that a later process can
 * resume. Whether the parts belong to one file is proven only by the final checksum.
 */
export class PartialFile implements Disposable {
  readonly path: string;
  readonly #url: string;
  #file: Deno.FsFile;
  #hash: Hash;
  #received = 0;
  #total: number | null = null;
  #validator: string | null = null;
  #resumed = false;

  private constructor(path: string, url: string, file: Deno.FsFile, hash: Hash) {
    this.path = path;
    // The record is kept on disk and must not contain a password.
    this.#url = redactUrl(url);
    this.#file = file;
    this.#hash = hash;
  }

  /**
   * Opens the file and keeps the bytes of an earlier transfer of the same URL.
   *
   * @param path Path of the file. The caller holds the lock that protects it.
   * @param url The URL that is downloaded.
   * @param signal Aborts the hashing of the existing bytes.
   */
  static async open(path: string, url: string, signal: AbortSignal): Promise<PartialFile> {
    const record = await readRecord(path);
    const file = await Deno.open(regularFile(path), { read: true, write: true, create: true });
    const partial = new PartialFile(path, url, file, await sha256());
    try {
      if (record?.url === partial.#url) await partial.#load(record, signal);
      else await partial.restart(null);
      return partial;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Bytes received so far. */
  get received(): number {
    return this.#received;
  }

  /** Size of the whole file in bytes; null if the server did not report it. */
  get total(): number | null {
    return this.#total;
  }

  /** `ETag` or `Last-Modified` of the contents; null if the transfer cannot be resumed. */
  get validator(): string | null {
    return this.#validator;
  }

  /** Whether the bytes came in more than one transfer. */
  get resumed(): boolean {
    return this.#resumed;
  }

  /**
   * Discards the received bytes.
   *
   * @param source Validator and size from the response; null if there was no request yet.
   */
  async restart(source: { validator: string | null; size: number | null } | null): Promise<void> {
    await this.#file.truncate(0);
    await this.#file.seek(0, Deno.SeekMode.Start);
    this.#hash = await sha256();
    this.#received = 0;
    this.#resumed = false;
    this.#total = source?.size ?? null;
    this.#validator = source?.validator ?? null;
    if (this.#validator === null) {
      removeIfThere(recordPath(this.path));
      return;
    }
    const record: PartialRecord = {
      schema_version: 1,
      url: this.#url,
      validator: this.#validator,
      total: this.#total,
    };
    await Deno.writeTextFile(recordPath(this.path), JSON.stringify(record), { mode: 0o600 });
  }

  /** Keeps the received bytes: the transfer continues after them. */
  resume(): void {
    this.#resumed = true;
  }

  /** Appends received bytes. */
  async append(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    await writeAll(this.#file, chunk);
    this.#received += chunk.length;
  }

  /** SHA-256 of the received bytes, lower-case hex. */
  digest(): string {
    return this.#hash.copy().digest("hex");
  }

  /** Flushes the file to disk (fsync). */
  async sync(): Promise<void> {
    await this.#file.sync();
  }

  /** Closes the file; it remains on disk. */
  [Symbol.dispose](): void {
    this.#file.close();
  }

  /** Removes a file and its record. */
  static remove(path: string): void {
    removeIfThere(recordPath(path));
    removeIfThere(path);
  }

  /** Removes a file and its record, and ignores errors. */
  static discard(path: string): void {
    tryRemove(recordPath(path));
    tryRemove(path);
  }

  async #load({ validator, total }: PartialRecord, signal: AbortSignal): Promise<void> {
    for await (const chunk of readChunks(this.path)) {
      signal.throwIfAborted();
      this.#hash.update(chunk);
      this.#received += chunk.length;
    }
    await this.#file.seek(this.#received, Deno.SeekMode.Start);
    this.#validator = validator;
    this.#total = total;
    this.#resumed = this.#received > 0;
  }
}

function recordPath(path: string): string {
  return `${path}.json`;
}

async function readRecord(path: string): Promise<PartialRecord | null> {
  try {
    const record: Partial<PartialRecord> | null = JSON.parse(
      await Deno.readTextFile(endingFile(recordPath(path))),
    );
    const isUsable = record?.schema_version === 1 && typeof record.url === "string" &&
      typeof record.validator === "string" &&
      (record.total === null || Number.isSafeInteger(record.total));
    return isUsable ? record as PartialRecord : null;
  } catch {
    // Without a usable record the transfer starts from the beginning.
    return null;
  }
}
