import type { Hash } from "node:crypto";
import { endingFile } from "./regular_file.ts";

/**
 * Creates an incremental SHA-256. Loads `node:crypto` on first use, because loading it takes 25 ms and
 * most commands hash nothing.
 *
 * @returns The hash; `digest("hex")` finishes it.
 */
export async function sha256(): Promise<Hash> {
  const { createHash } = await import("node:crypto");
  return createHash("sha256");
}

/**
 * Computes the SHA-256 of a file, in chunks.
 *
 * @param path The file.
 * @param signal Cancels the reading.
 * @returns 64 hexadecimal digits, lower case.
 * @throws {NotRegularFile} If it is not a regular file.
 * @throws The signal's reason, if it fires.
 */
export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = await sha256();
  using file = await Deno.open(endingFile(path));
  const buffer = new Uint8Array(1 << 20);
  for (;;) {
    signal?.throwIfAborted();
    const length = await file.read(buffer);
    if (length === null) return hash.digest("hex");
    hash.update(buffer.subarray(0, length));
  }
}
