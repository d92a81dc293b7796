/**
 * How a command knows that the program at the supervisor's port is the supervisor. After a supervisor was
 * killed, any program of any user can get its port; it does not know the token, which is in a file that
 * only this user can read. So the command sends random bytes, and the supervisor answers with their
 * HMAC-SHA256 under the token. The command sends the token itself only after that.
 *
 * @module
 */

import { hmac } from "@noble/hashes/hmac";
import { sha256 } from "@noble/hashes/sha2";

/** Path of the question. It is answered without the token. */
export const PROOF_PATH = "/v1/proof";

/** Answer to the question. */
export interface SupervisorProof {
  /** HMAC-SHA256 of the challenge's text under the token, in hexadecimal digits. */
  readonly proof: string;
}

/** Returns 32 random bytes in hexadecimal digits. */
export function newChallenge(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}

/**
 * Returns the challenge of a request.
 *
 * @param url The URL of the request.
 * @returns The challenge; null if the request has none that {@linkcode newChallenge} could return.
 */
export function challengeIn(url: URL): string | null {
  const challenge = url.searchParams.get("challenge") ?? "";
  return /^[0-9a-f]{64}$/.test(challenge) ? challenge : null;
}

/**
 * Computes the proof that a program knows a token. Not with WebCrypto: its first call takes up to 10 ms.
 *
 * @param token The token.
 * @param challenge The challenge.
 */
export function proofOf(token: string, challenge: string): string {
  const bytes = (text: string) => new TextEncoder().encode(text);
  return hmac(sha256, bytes(token), bytes(challenge)).toHex();
}
