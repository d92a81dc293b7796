import type { Hash } from "node:crypto";

/**
 * A SHA-256 to be fed piece by piece. `node:crypto` is loaded only now: it costs a start what a
 * command that hashes nothing need not pay.
 *
 * @returns The hash; `digest("hex")` ends it.
 */
export async function sha256(): Promise<Hash> {
  const { createHash } = await import("node:crypto");
  return createHash("sha256");
}

/**
 * The SHA-256 of a file, which is never in memory as a whole.
 *
 * @param path The file.
 * @param signal Ends the reading.
 * @returns Lower-case hex.
 * @throws The signal's reason if that fires.
 */
export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = await sha256();
  using file = await Deno.open(path);
  const buffer = new Uint8Array(1 << 20);
  for (;;) {
    signal?.throwIfAborted();
    const length = await file.read(buffer);
    if (length === null) return hash.digest("hex");
    hash.update(buffer.subarray(0, length));
  }
}
