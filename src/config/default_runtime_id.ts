import { basename, dirname } from "../platform/path.ts";
import { sha256Hex } from "../files/sha256_text.ts";

const LONGEST_FOLDER = 90;

/**
 * Returns the RuntimeId of a file without `name`: the folder's name, which people recognize, and a
 * hash, which distinguishes folders of the same name.
 *
 * @param path Absolute real path of the file.
 * @returns Such as `shop-1f0c2a9b`.
 */
export function defaultRuntimeId(path: string): string {
  // The name of a root folder consists of separators only.
  const folder = basename(dirname(path)).replace(/[\p{Cc}/\\:]/gu, "").trim() || "root";
  const hash = sha256Hex(path);
  return `${[...folder].slice(0, LONGEST_FOLDER).join("")}-${hash.slice(0, 8)}`;
}
