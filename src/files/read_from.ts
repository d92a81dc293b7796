/**
 * Fills a buffer from a file, however many bytes the system gives at a time.
 *
 * @param file The file, open for reading. Its position is moved.
 * @param offset Byte at which to begin.
 * @param buffer Where the bytes go.
 * @returns The part of the buffer that was filled: shorter where the file ends before.
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
 * Reads a part of a file.
 *
 * @param file The file, open for reading. Its position is moved.
 * @param start First byte.
 * @param end Byte after the last one.
 * @returns The bytes; fewer where the file ends before.
 */
export function readRange(
  file: Deno.FsFile,
  start: number,
  end: number,
): Uint8Array<ArrayBuffer> {
  return readFrom(file, start, new Uint8Array(end - start));
}
