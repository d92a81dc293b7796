/**
 * Signs like minisign, for the tests of the verification.
 *
 * @module
 */

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A key pair of a test. */
export class TestSigner {
  /** The value of `release.minisign`. */
  readonly publicKey: string;
  readonly #id = randomBytes(8);
  readonly #privateKey: KeyObject;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const { x } = publicKey.export({ format: "jwk" });
    const raw = Uint8Array.fromBase64(x!, { alphabet: "base64url" });
    this.publicKey = bytes("Ed", this.#id, raw).toBase64();
    this.#privateKey = privateKey;
  }

  /**
   * Signs a file.
   *
   * @param message Its contents.
   * @param options `algorithm`: `ED` signs the hash, as minisign does since version 0.8; `Ed` signs the
   * file itself.
   * @returns The text of its `.minisig` file.
   */
  sign(
    message: string,
    { comment = "release 1.2.3", algorithm = "ED" }: {
      comment?: string;
      algorithm?: "ED" | "Ed";
    } = {},
  ): string {
    const contents = new TextEncoder().encode(message);
    const signed = algorithm === "ED"
      ? createHash("blake2b512").update(contents).digest()
      : contents;
    const signature = sign(null, signed, this.#privateKey);
    const global = sign(null, bytes(signature, comment), this.#privateKey);
    return [
      "untrusted comment: signature of a test",
      bytes(algorithm, this.#id, signature).toBase64(),
      `trusted comment: ${comment}`,
      new Uint8Array(global).toBase64(),
      "",
    ].join("\n");
  }
}

function bytes(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return new Uint8Array(
    parts.flatMap((
      part,
    ) => [...(typeof part === "string" ? new TextEncoder().encode(part) : part)]),
  );
}
