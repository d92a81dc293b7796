/**
 * Writes bytes to a file, however many of them the system takes at a time.
 *
 * @param file The file, open for writing.
 * @param bytes What to write.
 * @throws What the system says where it refuses; a part may be written then.
 */
export function writeAllSync(file: Pick<Deno.FsFile, "writeSync">, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
}

/**
 * As {@linkcode writeAllSync}, without keeping others waiting.
 *
 * @param target A file or a connection.
 * @param bytes What to write.
 * @throws What the system says where it refuses; a part may be written then.
 */
export async function writeAll(
  target: Pick<Deno.FsFile, "write">,
  bytes: Uint8Array,
): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await target.write(bytes.subarray(written));
  }
}
