const CHUNK_BYTES = 1 << 16;

/**
 * Reads a file in chunks. All chunks share one buffer, which avoids an allocation for each: a chunk is
 * valid until the next one is requested.
 *
 * @param path The file.
 */
export async function* readChunks(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  const buffer = new Uint8Array(CHUNK_BYTES);
  for (;;) {
    const length = await file.read(buffer);
    if (length === null) return;
    yield buffer.subarray(0, length);
  }
}
