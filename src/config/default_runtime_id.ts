import { basename, dirname } from "../platform/path.ts";
import { sha256Hex } from "../files/sha256_text.ts";

const LONGEST_FOLDER = 90;

/**
 * The RuntimeId of a file that has no `name`: its folder's name, which a person recognizes, and a
 * hash, which keeps folders of the same name apart.
 *
 * @param path Absolute real path of the file.
 * @returns Such as `shop-1f0c2a9b`.
 */
export function defaultRuntimeId(path: string): string {
  // The name of a root is all separators.
  const folder = basename(dirname(path)).replace(/[\p{Cc}/\\:]/gu, "").trim() || "root";
  const hash = sha256Hex(path);
  return `${[...folder].slice(0, LONGEST_FOLDER).join("")}-${hash.slice(0, 8)}`;
}
