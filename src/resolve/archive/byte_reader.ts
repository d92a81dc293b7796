import { ArchiveError } from "./archive_error.ts";

/** Reads a stream of chunks in pieces of the reader's choice. Holds one chunk at a time. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#source = chunks[Symbol.asyncIterator]();
  }

  /**
   * Reads a number of bytes that fits into memory.
   *
   * @param length How many.
   * @returns The bytes; null where the stream has ended before the first of them.
   * @throws {ArchiveError} If the stream ends among them.
   */
  async read(length: number): Promise<Uint8Array | null> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    for await (const chunk of this.#available(length)) {
      bytes.set(chunk, filled);
      filled += chunk.length;
    }
    if (filled === length) return bytes;
    if (filled === 0) return null;
    throw new ArchiveError("it is cut short");
  }

  /**
   * Reads a number of bytes as they come.
   *
   * @param length How many.
   * @throws {ArchiveError} If the stream ends among them.
   */
  async *chunks(length: number): AsyncGenerator<Uint8Array> {
    let read = 0;
    for await (const chunk of this.#available(length)) {
      read += chunk.length;
      yield chunk;
    }
    if (read < length) throw new ArchiveError("it is cut short");
  }

  /** Ends the stream, wherever it is. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  /** As many bytes, or all that is left. */
  async *#available(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0;) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#source.next();
        if (done) return;
        this.#rest = value as Uint8Array<ArrayBuffer>;
      }
      const chunk = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(chunk.length);
      left -= chunk.length;
      // The caller may go on to something else with the rest before it asks again.
      if (chunk.length > 0) yield chunk;
    }
  }
}
