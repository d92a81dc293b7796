/**
 * The SHA-256 of a short text. (Files are hashed as they stream, where they are read.)
 *
 * @param text The text, taken as UTF-8.
 * @returns 64 hexadecimal digits.
 */
export async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
