import { ArchiveError } from "./archive_error.ts";

/**
 * Reads bytes at an offset of a file.
 *
 * @param file The file.
 * @param at The offset.
 * @param length The number of bytes.
 * @returns The bytes.
 * @throws {ArchiveError} If the file ends within them.
 */
export async function readAt(
  file: Deno.FsFile,
  at: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  await readInto(file, at, bytes);
  return bytes;
}

/**
 * Fills a buffer with bytes at an offset of a file.
 *
 * @param file The file.
 * @param at The offset.
 * @param bytes The buffer.
 * @throws {ArchiveError} If the file ends before the buffer is full.
 */
export async function readInto(file: Deno.FsFile, at: number, bytes: Uint8Array): Promise<void> {
  await file.seek(at, Deno.SeekMode.Start);
  for (let filled = 0; filled < bytes.length;) {
    const read = await file.read(bytes.subarray(filled));
    if (read === null) throw new ArchiveError("it is truncated");
    filled += read;
  }
}
