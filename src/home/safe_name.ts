/**
 * Ids as names of folders, safe on every file system.
 *
 * @module
 */

import { HaleError } from "../errors.ts";
import { sha256Hex } from "../files/sha256_text.ts";

/** What the file systems hale runs on allow in one component of a path. */
const MAX_COMPONENT_BYTES = 255;

/** Lower case alone: `A` and `a` are one name on macOS and Windows. */
const PLAIN = /^[a-z0-9][a-z0-9._-]*$/;

/** Windows gives these to devices, whatever extension follows. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;

const ENCODED_PREFIX = "id-";

/** No hexadecimal digit starts it, so that a hashed name is never an encoded one. */
const HASHED_PREFIX = "id-sha256-";

/**
 * The name of the folder that belongs to an id.
 *
 * A plain id is its own name. Any other is `id-` and its UTF-8 bytes in hexadecimal, and where that
 * is too long, `id-sha256-` and a hash of them: such a name does not tell its id, the snapshot inside
 * does. Different ids have different names, also where case does not count.
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
 * The id that a folder belongs to.
 *
 * @param name Name of the folder.
 * @returns Its id, or null where the name does not tell it or is none of hale's.
 */
export function idOfSafeName(name: string): string | null {
  if (isPlain(name)) return name;
  if (!name.startsWith(ENCODED_PREFIX)) return null;
  try {
    const bytes = Uint8Array.fromHex(name.slice(ENCODED_PREFIX.length));
    const id = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return safeName(id) === name ? id : null;
  } catch {
    return null; // Neither hexadecimal nor UTF-8: a hashed name, or a stranger's folder.
  }
}

/** Whether an id is its own folder name. Windows drops a trailing dot, so that is none. */
function isPlain(id: string): boolean {
  return PLAIN.test(id) && !id.endsWith(".") && !RESERVED.test(id) &&
    !id.startsWith(ENCODED_PREFIX) && id.length <= MAX_COMPONENT_BYTES;
}
