import { ArchiveError } from "./archive_error.ts";

/** Reads a stream of chunks in pieces of any length. Buffers one chunk. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#source = chunks[Symbol.asyncIterator]();
  }

  /**
   * Reads a number of bytes into memory.
   *
   * @param length The number of bytes.
   * @returns The bytes; null if the stream ended before the first one.
   * @throws {ArchiveError} If the stream ends within them.
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
    throw new ArchiveError("it is truncated");
  }

  /**
   * Streams a number of bytes.
   *
   * @param length The number of bytes.
   * @throws {ArchiveError} If the stream ends within them.
   */
  async *chunks(length: number): AsyncGenerator<Uint8Array> {
    let read = 0;
    for await (const chunk of this.#available(length)) {
      read += chunk.length;
      yield chunk;
    }
    if (read < length) throw new ArchiveError("it is truncated");
  }

  /** Closes the stream at any position. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  /** Streams this number of bytes, or fewer if the stream ends. */
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
      // The state is updated before the yield: the caller may read the rest by another method.
      if (chunk.length > 0) yield chunk;
    }
  }
}
