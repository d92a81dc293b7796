import { ArchiveError } from "./archive_error.ts";

/**
 * Reads a piece of a file.
 *
 * @param file The file.
 * @param at Where the piece begins.
 * @param length How long it is.
 * @returns The bytes.
 * @throws {ArchiveError} If the file ends before.
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
 * Fills a buffer with a piece of a file.
 *
 * @param file The file.
 * @param at Where the piece begins.
 * @param bytes The buffer, as long as the piece.
 * @throws {ArchiveError} If the file ends before.
 */
export async function readInto(file: Deno.FsFile, at: number, bytes: Uint8Array): Promise<void> {
  await file.seek(at, Deno.SeekMode.Start);
  for (let filled = 0; filled < bytes.length;) {
    const read = await file.read(bytes.subarray(filled));
    if (read === null) throw new ArchiveError("it is cut short");
    filled += read;
  }
}
