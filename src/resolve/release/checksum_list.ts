import { looksLikeHtml } from "../download/html_page.ts";
import { type ChecksumEntry, checksumsInJson } from "./checksums_in_json.ts";

/** A checksum file that cannot be used. The message is the end of a sentence. */
export class ChecksumListError extends Error {
  override readonly name = "ChecksumListError";
}

/** A checksum file that contradicts itself: no other file may be asked instead. */
export class ContradictionError extends ChecksumListError {}

/**
 * Parses a file of SHA-256 checksums in the formats of `sha256sum` (GNU), `sha256` (BSD), PowerShell's
 * `Get-FileHash`, and JSON. Other lines, such as comments and signatures, are ignored.
 *
 * The file is from a server and may be long: every function here looks at each character a fixed number
 * of times.
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
  for (const [written, sha256] of checksumsInJson(text) ?? entriesOfLines(text)) {
    const name = plainName(written);
    const before = checksums.get(name);
    if (before !== undefined && before !== sha256) {
      const whose = name === "" ? "without a file name" : `for ${name}`;
      throw new ContradictionError(
        `it has two different checksums ${whose}: ${before} and ${sha256}`,
      );
    }
    checksums.set(name, sha256);
  }
  if (checksums.size > 0) return checksums;
  throw new ChecksumListError(reasonWithout(text));
}

/** Returns whether a text is a SHA-256 in hex. */
export function isSha256(text: string): boolean {
  return text.length === 64 && isHex(text);
}

function* entriesOfLines(text: string): Generator<ChecksumEntry> {
  for (const line of linesOf(text)) {
    // A byte order mark counts as a blank.
    const trimmed = line.trim();
    const entry = parseBsd(trimmed) ?? parseGnu(trimmed);
    if (entry !== null) yield entry;
  }
}

/**
 * `HASH  name`, `HASH *name` for binary mode, `\HASH  name` where the name has escapes, `sha256:HASH`,
 * PowerShell's `SHA256  HASH  path` and `Hash : HASH`, and `HASH` alone, as in `tool.zip.sha256`.
 */
function parseGnu(line: string): ChecksumEntry | null {
  const [first, afterFirst] = splitWord(withoutLabel(line));
  const isEscaped = first.startsWith("\\");
  const word = isEscaped ? first.slice(1) : first;
  const sha256 = word.slice(0, 7).toLowerCase() === "sha256:" ? word.slice(7) : word;
  if (!isSha256(sha256)) return null;
  const name = afterFirst.startsWith("*") ? afterFirst.slice(1).trimStart() : afterFirst;
  return [isEscaped ? unescapeName(name) : name, sha256.toLowerCase()];
}

/** PowerShell names the algorithm, or what it shows. */
function withoutLabel(line: string): string {
  const [first, rest] = splitWord(line);
  const label = first.toLowerCase();
  if (label === "hash" && rest.startsWith(":")) return rest.slice(1).trim();
  return label === "sha256" || label === "hash:" ? rest : line;
}

/** `SHA256 (name) = HASH`; OpenSSL leaves the spaces out and writes `SHA2-256` since version 3. */
function parseBsd(line: string): ChecksumEntry | null {
  const [start] = /^SHA(?:2-)?256 ?\(/i.exec(line.slice(0, 16)) ?? [];
  const sha256 = line.slice(-64);
  if (start === undefined || !isSha256(sha256)) return null;
  const middle = line.slice(start.length, -64);
  const end = [") = ", ") =", ")= ", ")="].find((end) => middle.endsWith(end));
  if (end === undefined || middle.length === end.length) return null;
  return [middle.slice(0, -end.length), sha256.toLowerCase()];
}

/** Hashes of other algorithms, by the number of their hexadecimal digits. */
const OTHER_ALGORITHMS: ReadonlyMap<number, string> = new Map([
  [32, "MD5"],
  [40, "SHA-1"],
  [96, "SHA-384"],
  [128, "SHA-512"],
]);

function reasonWithout(text: string): string {
  if (looksLikeHtml(text)) return "it is a web page (HTML), not a checksum file";
  const others = new Set<string>();
  for (const line of linesOf(text)) {
    const trimmed = line.trim();
    for (const word of [splitWord(trimmed)[0], trimmed.slice(trimmed.lastIndexOf(" ") + 1)]) {
      const algorithm = OTHER_ALGORITHMS.get(word.length);
      if (algorithm !== undefined && isHex(word)) others.add(algorithm);
    }
  }
  const without = "it contains no SHA-256 checksum";
  return others.size === 0 ? without : `${without}, only ${[...others].join(" and ")}`;
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}

/** Returns the first word, and what follows it after blanks. */
function splitWord(text: string): [word: string, rest: string] {
  const end = text.search(/\s/);
  return end === -1 ? [text, ""] : [text.slice(0, end), text.slice(end).trimStart()];
}

function isHex(text: string): boolean {
  return /^[0-9a-f]+$/i.test(text);
}

function plainName(name: string): string {
  let at = 0;
  while (name.startsWith("./", at)) {
    at += 2;
    while (name[at] === "/") at++;
  }
  return at < name.length ? name.slice(at) : name;
}

function unescapeName(name: string): string {
  return name.replace(/\\([\\nr])/g, (_, letter) => ({ n: "\n", r: "\r" })[letter as "n"] ?? "\\");
}
