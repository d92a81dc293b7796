import { ContradictionError, parseChecksumList } from "./checksum_list.ts";

/**
 * Finds the checksum of a file in the text of a checksum file: the entry of that name, else of a path
 * that ends in the name, else the only entry if it has no name, or that of standard input (`-`).
 *
 * @param text Contents of the checksum file.
 * @param asset Name of the file.
 * @param options `isOwn`: whether the checksum file is that of this one file, such as `tool.zip.sha256`.
 * Its only checksum is then taken under any name: vendors rename files after they hashed them.
 * @returns Its SHA-256, lower-case hex; null if there is none.
 * @throws {ChecksumListError} If the text has no checksums.
 * @throws {ContradictionError} If the text contradicts itself.
 *
 * @example
 * ```ts
 * import { findChecksum } from "./find_checksum.ts";
 * const hash = "ab".repeat(32);
 * console.log(findChecksum(`${hash}  dist/tool.zip\n`, "tool.zip") === hash); // true
 * ```
 */
export function findChecksum(
  text: string,
  asset: string,
  options: { readonly isOwn?: boolean } = {},
): string | null {
  const checksums = parseChecksumList(text);
  const own = checksums.get(asset);
  if (own !== undefined) return own;
  const elsewhere = [...checksums].filter(([name]) => lastPart(name) === asset);
  const [first, ...others] = new Set(elsewhere.map(([, sha256]) => sha256));
  if (others.length > 0) {
    const names = elsewhere.map(([name]) => name).join(" and ");
    throw new ContradictionError(`it has different checksums for ${names}`);
  }
  if (first !== undefined) return first;
  const [only, ...more] = new Set(checksums.values());
  const isNameless = checksums.size === 1 && (checksums.has("") || checksums.has("-"));
  const isCertain = isNameless || (options.isOwn === true && more.length === 0);
  return isCertain && only !== undefined ? only : null;
}

function lastPart(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
