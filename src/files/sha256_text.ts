import { sha256 } from "@noble/hashes/sha2";

/**
 * SHA-256 of a short text, at once. Files are hashed as they stream, by
 * {@linkcode sha256OfFile}.
 *
 * WebCrypto's is asynchronous, so that the records of one turn of the event loop could not be
 * chained within it; `node:crypto` takes 25 ms and 9 MB to load, in commands that need nothing else
 * of it.
 *
 * @param text The text, taken as UTF-8.
 * @returns 64 hexadecimal digits, lower case.
 */
export function sha256Hex(text: string): string {
  return sha256(new TextEncoder().encode(text)).toHex();
}
