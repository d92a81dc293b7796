import type { Transform } from "node:stream";
import { messageOf } from "../../errors.ts";
import { ArchiveError } from "./archive_error.ts";

/**
 * Unpacks gzip. Unlike `DecompressionStream` it takes files of several parts, as parallel packers
 * write them.
 *
 * @param chunks The packed bytes.
 * @throws {ArchiveError} If they are no gzip, or damaged, or cut short.
 */
export async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { createGunzip } = await import("node:zlib");
  yield* through(chunks, createGunzip({ chunkSize: CHUNK_BYTES }));
}

/**
 * Unpacks what a zip holds of one file.
 *
 * @param chunks The packed bytes.
 * @throws {ArchiveError} If they are damaged or cut short.
 */
export async function* inflateRaw(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { createInflateRaw } = await import("node:zlib");
  yield* through(chunks, createInflateRaw({ chunkSize: CHUNK_BYTES }));
}

const CHUNK_BYTES = 1 << 18;

async function* through(
  chunks: AsyncIterable<Uint8Array>,
  unpacker: Transform,
): AsyncGenerator<Uint8Array> {
  const { Readable } = await import("node:stream");
  const source = Readable.from(chunks, { objectMode: false });
  // A pipe does not pass errors on.
  source.on("error", (error) => unpacker.destroy(error));
  source.pipe(unpacker);
  try {
    for await (const chunk of unpacker) yield chunk;
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError(`it cannot be unpacked (${messageOf(error)})`);
  } finally {
    source.destroy();
    unpacker.destroy();
  }
}
