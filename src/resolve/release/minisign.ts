/** An invalid signature. The message is the end of a sentence. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";
}

const KEY_BYTES = 32;
const KEY_ID_BYTES = 8;
const SIGNATURE_BYTES = 64;
const TRUSTED = "trusted comment: ";

/**
 * Verifies a minisign signature: of the file, and of the trusted comment.
 *
 * @param message Contents of the file.
 * @param signature Text of the `.minisig` file.
 * @param publicKey The key, base64, as the second line of a `.pub` file.
 * @returns The trusted comment.
 * @throws {SignatureError} If it is not a signature of this file by this key.
 * @see https://jedisct1.github.io/minisign/#signature-format
 */
export async function verifyMinisign(
  message: Uint8Array<ArrayBuffer>,
  signature: string,
  publicKey: string,
): Promise<string> {
  const key = parseKey(publicKey);
  const { algorithm, keyId, bytes, comment, commentBytes } = parseSignature(signature);
  if (keyId !== key.id) {
    throw new SignatureError(
      `it was signed with the key ${keyId}, but \`minisign\` is the key ${key.id}`,
    );
  }
  const ed25519 = await crypto.subtle.importKey("raw", key.bytes, "Ed25519", false, ["verify"]);
  const isSignatureOf = (signed: Uint8Array<ArrayBuffer>, by: Uint8Array<ArrayBuffer>) =>
    crypto.subtle.verify("Ed25519", ed25519, by, signed);
  const signed = algorithm === "ED" ? await blake2b(message) : message;
  if (!await isSignatureOf(signed, bytes)) {
    throw new SignatureError("the signature does not match the contents");
  }
  const commented = new Uint8Array([...bytes, ...new TextEncoder().encode(comment)]);
  if (!await isSignatureOf(commented, commentBytes)) {
    throw new SignatureError("the signature does not match its trusted comment");
  }
  return comment;
}

/** Signatures of the newer algorithm `ED` sign the BLAKE2b hash of the file. */
async function blake2b(message: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const { createHash } = await import("node:crypto");
  return new Uint8Array(createHash("blake2b512").update(message).digest());
}

function parseKey(publicKey: string): { id: string; bytes: Uint8Array<ArrayBuffer> } {
  const all = fromBase64(publicKey);
  if (all === null || algorithmOf(all) !== "Ed" || all.length !== 2 + KEY_ID_BYTES + KEY_BYTES) {
    throw new SignatureError(`${JSON.stringify(publicKey)} is not a minisign public key`);
  }
  return { id: keyIdOf(all), bytes: all.slice(2 + KEY_ID_BYTES) };
}

function parseSignature(text: string) {
  const [, signature, trusted = "", global = ""] = text.split(/\r?\n/);
  const all = fromBase64(signature ?? "");
  const commentBytes = fromBase64(global);
  const algorithm = all === null ? "" : algorithmOf(all);
  const isSound = all !== null && (algorithm === "Ed" || algorithm === "ED") &&
    all.length === 2 + KEY_ID_BYTES + SIGNATURE_BYTES && trusted.startsWith(TRUSTED) &&
    commentBytes?.length === SIGNATURE_BYTES;
  if (!isSound) throw new SignatureError("the signature is not in minisign's format");
  return {
    algorithm,
    keyId: keyIdOf(all),
    bytes: all.slice(2 + KEY_ID_BYTES),
    comment: trusted.slice(TRUSTED.length),
    commentBytes,
  };
}

function algorithmOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 2));
}

/** The key id as minisign shows it: most significant byte first. */
function keyIdOf(bytes: Uint8Array<ArrayBuffer>): string {
  return bytes.slice(2, 2 + KEY_ID_BYTES).reverse().toHex().toUpperCase();
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.fromBase64(text.trim());
  } catch {
    return null;
  }
}
