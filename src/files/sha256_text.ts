import { sha256 } from "@noble/hashes/sha2";

/**
 * Computes the SHA-256 of a short text, synchronously. For files use {@linkcode sha256OfFile}.
 *
 * WebCrypto is asynchronous, so it could not chain audit records within one turn of the event loop.
 * Loading `node:crypto` takes 25 ms and 9 MB.
 *
 * @param text The text; hashed as UTF-8.
 * @returns 64 hexadecimal digits, lower case.
 */
export function sha256Hex(text: string): string {
  return sha256(new TextEncoder().encode(text)).toHex();
}
