import { looksLikeHtml } from "../download/html_page.ts";

/** A checksum file that cannot be used. The message is the end of a sentence. */
export class ChecksumListError extends Error {
  override readonly name = "ChecksumListError";
}

/**
 * Parses a file of SHA-256 checksums in the formats of `sha256sum` (GNU), `sha256` (BSD) and
 * PowerShell's `Get-FileHash`. Other lines, such as comments and signatures, are ignored.
 *
 * @param text Contents of the file.
 * @returns The checksum of each file name, lower-case hex. A leading `./` is removed from the name. A
 * checksum without a name has the empty name.
 * @throws {ChecksumListError} If it has no checksum, or two different ones for a name.
 *
 * @example
 * ```ts
 * import { parseChecksumList } from "./checksum_list.ts";
 * const hash = "ab".repeat(32);
 * console.log(parseChecksumList(`${hash}  my-file\n`).get("my-file") === hash); // true
 * ```
 */
export function parseChecksumList(text: string): ReadonlyMap<string, string> {
  const checksums = new Map<string, string>();
  for (const line of text.split(/\r\n|\n|\r/)) {
    const entry = parseGnu(line) ?? parseBsd(line) ?? parseBare(line);
    if (entry === null) continue;
    const [name, sha256] = entry;
    const before = checksums.get(name);
    if (before !== undefined && before !== sha256) {
      const whose = name === "" ? "without a file name" : `for ${name}`;
      throw new ChecksumListError(
        `it has two different checksums ${whose}: ${before} and ${sha256}`,
      );
    }
    checksums.set(name, sha256);
  }
  if (checksums.size > 0) return checksums;
  throw new ChecksumListError(
    looksLikeHtml(text)
      ? "it is a web page (HTML), not a checksum file"
      : "it contains no SHA-256 checksum",
  );
}

/**
 * `HASH  name`, `HASH *name` for binary mode, `\HASH  name` where the name has escapes, and
 * PowerShell's `SHA256  HASH  path`. `\s` matches a byte order mark before the first line.
 */
function parseGnu(line: string): [name: string, sha256: string] | null {
  const match = /^\s*(?:SHA256\s+)?(\\?)([0-9a-f]{64})[ \t]+\*?(.*\S)\s*$/i.exec(line);
  if (match === null) return null;
  const [, escaped, sha256, name] = match as unknown as [string, string, string, string];
  return [plainName(escaped === "" ? name : unescapeName(name)), sha256.toLowerCase()];
}

/** `SHA256 (name) = HASH`; OpenSSL leaves the spaces out and writes `SHA2-256` since version 3. */
function parseBsd(line: string): [name: string, sha256: string] | null {
  const match = /^\s*SHA(?:2-)?256 ?\((.+)\) ?= ?([0-9a-f]{64})\s*$/i.exec(line);
  if (match === null) return null;
  const [, name, sha256] = match as unknown as [string, string, string];
  return [plainName(name), sha256.toLowerCase()];
}

/** `HASH` alone, as in `tool.zip.sha256`, and PowerShell's `Hash : HASH`. */
function parseBare(line: string): [name: string, sha256: string] | null {
  const match = /^\s*(?:Hash\s*:\s*)?([0-9a-f]{64})\s*$/i.exec(line);
  return match === null ? null : ["", match[1]!.toLowerCase()];
}

function plainName(name: string): string {
  return name.replace(/^(?:\.\/+)+(?=.)/, "");
}

function unescapeName(name: string): string {
  return name.replace(/\\([\\nr])/g, (_, letter) => ({ n: "\n", r: "\r" })[letter as "n"] ?? "\\");
}
