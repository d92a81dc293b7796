import type { Hash } from "node:crypto";
import { redactUrl } from "../../text/redact_url.ts";
import { readChunks } from "../../files/read_chunks.ts";
import { sha256 } from "../../files/sha256.ts";
import { removeIfThere, tryRemove } from "../../files/remove_if_there.ts";
import { writeAll } from "../../files/write_all.ts";

/** What is known of a file whose transfer has begun. On disk as JSON beside it. */
interface PartialRecord {
  readonly schema_version: 1;
  readonly url: string;
  readonly validator: string;
  readonly total: number | null;
}

/**
 * A file that is being downloaded. It outlives this program, so that the next one goes on where
 * this one was ended; only its checksum tells at the end whether all parts belong together.
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
    // Its record outlives this program: a password has no place there.
    this.#url = redactUrl(url);
    this.#file = file;
    this.#hash = hash;
  }

  /**
   * Opens the file, with what an earlier transfer of the same URL left in it.
   *
   * @param path Where it stands. The caller holds the lock: nobody else writes there.
   * @param url What is downloaded.
   * @param signal Ends the look at what is there.
   */
  static async open(path: string, url: string, signal: AbortSignal): Promise<PartialFile> {
    const record = await readRecord(path);
    const file = await Deno.open(path, { read: true, write: true, create: true });
    const partial = new PartialFile(path, url, file, await sha256());
    try {
      if (record?.url === partial.#url) await partial.#takeUp(record, signal);
      else await partial.restart(null);
      return partial;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Bytes that are there. */
  get received(): number {
    return this.#received;
  }

  /** Bytes of the whole file, where the server has said. */
  get total(): number | null {
    return this.#total;
  }

  /** What the contents were called; null where a transfer cannot be resumed. */
  get validator(): string | null {
    return this.#validator;
  }

  /** Whether its parts came in more than one transfer. */
  get resumed(): boolean {
    return this.#resumed;
  }

  /**
   * Begins anew, from the first byte.
   *
   * @param source What the server says of the file; null where nothing has been asked yet.
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

  /** Goes on after what is there. */
  resume(): void {
    this.#resumed = true;
  }

  /** Adds what came. */
  async append(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    await writeAll(this.#file, chunk);
    this.#received += chunk.length;
  }

  /** The SHA-256 of what is there, lower-case hex. */
  digest(): string {
    return this.#hash.copy().digest("hex");
  }

  /** Puts what is there on disk. */
  async sync(): Promise<void> {
    await this.#file.sync();
  }

  /** Lets go of the file; it stays. */
  [Symbol.dispose](): void {
    this.#file.close();
  }

  /** Removes a file, and what is known of it. */
  static remove(path: string): void {
    removeIfThere(recordPath(path));
    removeIfThere(path);
  }

  /** As {@linkcode PartialFile.remove}, as far as the system allows it. */
  static discard(path: string): void {
    tryRemove(recordPath(path));
    tryRemove(path);
  }

  async #takeUp({ validator, total }: PartialRecord, signal: AbortSignal): Promise<void> {
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
      await Deno.readTextFile(recordPath(path)),
    );
    const isUsable = record?.schema_version === 1 && typeof record.url === "string" &&
      typeof record.validator === "string" &&
      (record.total === null || Number.isSafeInteger(record.total));
    return isUsable ? record as PartialRecord : null;
  } catch {
    // Whatever is wrong with it: without it the transfer begins anew.
    return null;
  }
}
