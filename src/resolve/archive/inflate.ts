import type { Transform } from "node:stream";
import { messageOf } from "../../errors.ts";
import { ArchiveError } from "./archive_error.ts";

/**
 * Decompresses gzip. Unlike `DecompressionStream` it accepts files with several members, as parallel
 * compressors write them.
 *
 * @param chunks The compressed bytes.
 * @throws {ArchiveError} If they are not gzip, damaged or truncated.
 */
export async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { createGunzip } = await import("node:zlib");
  yield* through(chunks, createGunzip({ chunkSize: CHUNK_BYTES }));
}

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
const CHUNK_BYTES = 1 << 16;

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
    const reason = messageOf(error);
    throw new ArchiveError(
      reason === "incorrect header check"
        ? "it is not a gzip file"
        : `it is damaged or truncated (${reason})`,
    );
  } finally {
    unpacker.destroy();
    await feeding;
  }
}

/** Writes one chunk at a time: the source may reuse the buffer of a chunk for the next one. */
async function feed(chunks: AsyncIterable<Uint8Array>, unpacker: Transform): Promise<void> {
  const closed = new Promise<never>((_, reject) =>
    unpacker.once("close", () => reject(new Error("the reader stopped early")))
  );
  closed.catch(() => {});
  for await (const chunk of chunks) {
    const used = new Promise<void>((resolve, reject) =>
      unpacker.write(chunk, (error) => error ? reject(error) : resolve())
    );
    await Promise.race([used, closed]);
  }
  unpacker.end();
}
