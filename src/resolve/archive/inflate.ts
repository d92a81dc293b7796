import type { Transform } from "node:stream";
import { messageOf } from "../../errors.ts";
import { ArchiveError } from "./archive_error.ts";

/**
 * Decompresses raw deflate data, the contents of a file in a zip.
 *
 * @param chunks The compressed bytes.
 * @throws {ArchiveError} If they are damaged or truncated.
 */
export async function* inflateRaw(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { createInflateRaw } = await import("node:zlib");
  yield* through(chunks, createInflateRaw({ chunkSize: CHUNK_BYTES }));
}

/** Larger chunks save little time and cost memory. */
export const CHUNK_BYTES = 1 << 16;

async function* through(
  chunks: AsyncIterable<Uint8Array>,
  unpacker: Transform,
): AsyncGenerator<Uint8Array> {
  const feeding = feed(chunks, unpacker).catch((error) => {
    unpacker.destroy(error);
  });
  try {
    for await (const chunk of unpacker) yield chunk;
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError(`it is damaged or truncated (${messageOf(error)})`);
  } finally {
    unpacker.destroy();
    await feeding;
  }
}

async function feed(chunks: AsyncIterable<Uint8Array>, unpacker: Transform): Promise<void> {
  for await (const chunk of chunks) await writeChunk(unpacker, chunk);
  unpacker.end();
}

/**
 * Writes a chunk and waits until it is used: the source may reuse the buffer for the next one.
 *
 * @param unpacker The stream.
 * @param chunk The chunk.
 * @throws If the stream fails or is destroyed meanwhile.
 */
export async function writeChunk(unpacker: Transform, chunk: Uint8Array): Promise<void> {
  const used = Promise.withResolvers<void>();
  const close = () => used.reject(new Error("the reader stopped early"));
  unpacker.once("close", close);
  unpacker.write(chunk, (error) => error ? used.reject(error) : used.resolve());
  try {
    await used.promise;
  } finally {
    unpacker.off("close", close);
  }
}
