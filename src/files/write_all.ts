/**
 * Writes bytes to a file, however many of them the system takes at a time.
 *
 * @param file The file, open for writing.
 * @param bytes What to write.
 * @throws What the system says where it refuses; a part may be written then.
 */
export function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
}
