const CHUNK_BYTES = 1 << 16;

/**
 * The contents of a file, a piece at a time. Each piece is good until the next one is asked for: all
 * share one buffer, so that a long file does not fill the memory with short-lived ones.
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
