import type { InflateRaw } from "node:zlib";
import { messageOf } from "../../errors.ts";
import { ArchiveError } from "./archive_error.ts";
import { CHUNK_BYTES, writeChunk } from "./inflate.ts";

/**
 * Decompresses gzip (RFC 1952): one member after the other, as parallel compressors write them, each
 * with its checksum. What follows the last member is ignored, as gzip(1) does: packers pad files, and
 * append signatures.
 *
 * `DecompressionStream` refuses several members. `createGunzip` refuses what follows the last one, and
 * loses contents before it.
 *
 * @param chunks The compressed bytes. A chunk is used before the next one is requested.
 * @throws {ArchiveError} If they are not gzip, damaged or truncated.
 */
export async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { crc32, createInflateRaw } = await import("node:zlib");
  const source = new Source(chunks);
  try {
    for (let isFirst = true; await skipHeader(source, isFirst); isFirst = false) {
      let sum = 0;
      let size = 0;
      for await (const chunk of inflate(source, createInflateRaw({ chunkSize: CHUNK_BYTES }))) {
        sum = crc32(chunk, sum);
        size += chunk.length;
        yield chunk;
      }
      const trailer = new DataView((await required(source, TRAILER_BYTES)).buffer);
      // The size is kept modulo 2^32.
      if (trailer.getUint32(0, true) !== sum || trailer.getUint32(4, true) !== size % 2 ** 32) {
        throw new ArchiveError("it is damaged (its checksum is wrong)");
      }
    }
  } finally {
    await source.close();
  }
}

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;

/** Limit of the file name and of the comment in a header. */
const MAX_TEXT_BYTES = 1 << 16;

/** Bits of the header's flags. */
const FLAGS = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

/** Returns false if the next bytes are not a member. */
async function skipHeader(source: Source, isFirst: boolean): Promise<boolean> {
  const header = await source.take(HEADER_BYTES);
  const [id1, id2, method, flags = 0] = header ?? [];
  const isMember = id1 === 0x1f && id2 === 0x8b && method === 8 && (flags & FLAGS.reserved) === 0;
  if (!isMember) {
    if (isFirst) throw new ArchiveError("it is not a gzip file");
    return false;
  }
  if ((flags & FLAGS.extra) !== 0) {
    const [low, high] = await required(source, 2) as unknown as [number, number];
    await required(source, low + high * 256);
  }
  for (const text of [FLAGS.name, FLAGS.comment]) {
    if ((flags & text) === 0) continue;
    for (let length = 0; (await required(source, 1))[0] !== 0; length++) {
      if (length === MAX_TEXT_BYTES) throw new ArchiveError("its gzip header does not end");
    }
  }
  if ((flags & FLAGS.headerCrc) !== 0) await required(source, 2);
  return true;
}

async function required(source: Source, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await source.take(length);
  if (bytes === null) throw new ArchiveError("it is damaged or truncated (unexpected end of file)");
  return bytes;
}

/** Decompresses one member and leaves what follows it in the source. */
async function* inflate(source: Source, inflater: InflateRaw): AsyncGenerator<Uint8Array> {
  const feeding = feed(source, inflater).catch((error) => {
    inflater.destroy(error);
  });
  try {
    for await (const chunk of inflater) yield chunk;
  } catch (error) {
    throw new ArchiveError(`it is damaged or truncated (${messageOf(error)})`);
  } finally {
    inflater.destroy();
    await feeding;
  }
}

async function feed(source: Source, inflater: InflateRaw): Promise<void> {
  let written = 0;
  for (;;) {
    const chunk = await source.next();
    if (chunk === null) break;
    await writeChunk(inflater, chunk);
    written += chunk.length;
    // The member has ended where the inflater stopped reading.
    const unread = written - inflater.bytesWritten;
    if (unread === 0) continue;
    source.unread(chunk.subarray(chunk.length - unread));
    break;
  }
  inflater.end();
}

/** A stream of chunks from which bytes can be taken, and given back. Buffers one chunk. */
class Source {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Returns what is buffered, else the next chunk; null at the end. */
  async next(): Promise<Uint8Array | null> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done) return null;
      this.#rest = value as Uint8Array<ArrayBuffer>;
    }
    const chunk = this.#rest;
    this.#rest = chunk.subarray(chunk.length);
    return chunk;
  }

  /** Gives the end of the last chunk back. */
  unread(bytes: Uint8Array): void {
    this.#rest = bytes as Uint8Array<ArrayBuffer>;
  }

  /** Returns a number of bytes; null if the stream ends before. */
  async take(length: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      const chunk = await this.next();
      if (chunk === null) return null;
      const part = chunk.subarray(0, length - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.unread(chunk.subarray(part.length));
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
