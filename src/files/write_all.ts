/**
 * Writes bytes to a file, with as many writes as needed.
 *
 * @param file The file, open for writing.
 * @param bytes The bytes.
 * @throws The system's error. A part of the bytes may have been written.
 */
export function writeAllSync(file: Pick<Deno.FsFile, "writeSync">, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
}

/**
 * Writes as {@linkcode writeAllSync}, without blocking the event loop.
 *
 * @param target A file or a connection.
 * @param bytes The bytes.
 * @throws The system's error. A part of the bytes may have been written.
 */
export async function writeAll(
  target: Pick<Deno.FsFile, "write">,
  bytes: Uint8Array,
): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await target.write(bytes.subarray(written));
  }
}
