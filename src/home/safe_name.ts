/**
 * Folder names for ids, valid on all file systems.
 *
 * @module
 */

import { HaleError } from "../errors.ts";
import { sha256Hex } from "../files/sha256_text.ts";

/** Limit of the supported file systems for one component of a path. */
const MAX_COMPONENT_BYTES = 255;

/** Lower case only: `A` and `a` are the same name on macOS and Windows. */
const PLAIN = /^[a-z0-9][a-z0-9._-]*$/;

/** Device names of Windows, with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;

const ENCODED_PREFIX = "id-";

/** The `s` after `id-` is not a hexadecimal digit, so a hashed name is never an encoded one. */
const HASHED_PREFIX = "id-sha256-";

/**
 * Returns the folder name of an id.
 *
 * A plain id is its own name. Any other id becomes `id-` and its UTF-8 bytes in hexadecimal, or
 * `id-sha256-` and their hash if that is too long. The id of a hashed name is in the snapshot in the
 * folder. Different ids have different names, also on case-insensitive file systems.
 *
 * @param id Any well-formed text.
 * @returns One component of a path.
 * @throws {HaleError} `config_invalid` If the id is not well-formed Unicode.
 */
export function safeName(id: string): string {
  if (isPlain(id)) return id;
  if (!id.isWellFormed()) {
    throw new HaleError(
      "config_invalid",
      `The name ${JSON.stringify(id)} is not well-formed Unicode. Choose another name.`,
      { fields: { id } },
    );
  }
  const bytes = new TextEncoder().encode(id);
  const encoded = ENCODED_PREFIX + bytes.toHex();
  if (encoded.length <= MAX_COMPONENT_BYTES) return encoded;
  return HASHED_PREFIX + sha256Hex(id);
}

/**
 * Returns the id of a folder name.
 *
 * @param name Name of the folder.
 * @returns The id; null if the name is a hash, or not a name that hale gives.
 */
export function idOfSafeName(name: string): string | null {
  if (isPlain(name)) return name;
  if (!name.startsWith(ENCODED_PREFIX)) return null;
  try {
    const bytes = Uint8Array.fromHex(name.slice(ENCODED_PREFIX.length));
    const id = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return safeName(id) === name ? id : null;
  } catch {
    return null; // Not hexadecimal or not UTF-8: a hashed name, or a folder of another program.
  }
}

/** Whether an id is its own folder name. Windows drops a trailing dot from names. */
function isPlain(id: string): boolean {
  return PLAIN.test(id) && !id.endsWith(".") && !RESERVED.test(id) &&
    !id.startsWith(ENCODED_PREFIX) && id.length <= MAX_COMPONENT_BYTES;
}
