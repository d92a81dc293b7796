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

/** Larger chunks are quicker by little, and are what the memory is filled with. */
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
        ? "its contents are not packed by gzip"
        : `it is damaged or cut short (${reason})`,
    );
  } finally {
    unpacker.destroy();
    await feeding;
  }
}

/** One chunk at a time: each is used up before the next one is read, and may share its memory. */
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
