/**
 * Fills a buffer from a file, with as many reads as needed.
 *
 * @param file The file, open for reading. Its position is moved.
 * @param offset Offset of the first byte.
 * @param buffer The buffer.
 * @returns The part of the buffer that was filled: shorter if the file ends before.
 */
export function readFrom<T extends ArrayBufferLike>(
  file: Deno.FsFile,
  offset: number,
  buffer: Uint8Array<T>,
): Uint8Array<T> {
  file.seekSync(offset, Deno.SeekMode.Start);
  let length = 0;
  while (length < buffer.length) {
    const read = file.readSync(buffer.subarray(length));
    if (read === null) break;
    length += read;
  }
  return buffer.subarray(0, length);
}

/**
 * Reads a range of a file.
 *
 * @param file The file, open for reading. Its position is moved.
 * @param start Offset of the first byte.
 * @param end Offset after the last byte.
 * @returns The bytes; fewer if the file ends before.
 */
export function readRange(
  file: Deno.FsFile,
  start: number,
  end: number,
): Uint8Array<ArrayBuffer> {
  return readFrom(file, start, new Uint8Array(end - start));
}
