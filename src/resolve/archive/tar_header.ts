import { ArchiveError } from "./archive_error.ts";

/** Everything in a tar comes in blocks of this many bytes. */
export const TAR_BLOCK = 512;

/** One header of a tar, as far as it matters here. */
export interface TarHeader {
  readonly name: string;
  readonly link: string;
  readonly size: number;
  readonly mode: number;
  /** The letter or digit that says what the entry is. */
  readonly type: string;
}

/**
 * Reads a header: of POSIX's ustar, of GNU's tar, or of those before them.
 *
 * @param block The block.
 * @returns The header; null for the empty block that ends an archive.
 * @throws {ArchiveError} If it is no header.
 */
export function readTarHeader(block: Uint8Array): TarHeader | null {
  if (block.every((byte) => byte === 0)) return null;
  if (!hasRightSum(block)) throw new ArchiveError("it is no tar, or a damaged one");
  const isUstar = text(block, 257, 6) === "ustar" && block[262] === 0;
  const prefix = isUstar ? text(block, 345, 155) : "";
  const name = text(block, 0, 100);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    link: text(block, 157, 100),
    size: number(block, 124, 12),
    mode: number(block, 100, 8),
    type: String.fromCharCode(block[156]!),
  };
}

/**
 * Reads the records that POSIX's pax puts before a header.
 *
 * @param bytes The records: `LENGTH KEY=VALUE`, each with a line end.
 * @returns The values by key.
 * @throws {ArchiveError} If they are none.
 */
export function readPaxRecords(bytes: Uint8Array): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length && bytes[at] !== 0;) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(decoder.decode(bytes.subarray(at, space === -1 ? at : space)));
    const end = at + length;
    const record = decoder.decode(bytes.subarray(space + 1, end - 1));
    const equals = record.indexOf("=");
    const sound = space !== -1 && Number.isSafeInteger(length) && end > space &&
      end <= bytes.length && bytes[end - 1] === 0x0a && equals > 0;
    if (!sound) throw new ArchiveError("it holds extended headers that cannot be read");
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at = end;
  }
  return records;
}

const decoder = new TextDecoder();

/** The sum of all bytes, its own counted as spaces. */
function hasRightSum(block: Uint8Array): boolean {
  let sum = 0;
  for (let at = 0; at < TAR_BLOCK; at++) sum += at >= 148 && at < 156 ? 0x20 : block[at]!;
  return sum === number(block, 148, 8);
}

function text(block: Uint8Array, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return decoder.decode(end === -1 ? field : field.subarray(0, end));
}

/** Octal digits, or, with the highest bit set, a binary number: GNU's way with large files. */
function number(block: Uint8Array, at: number, length: number): number {
  if (block[at]! & 0x80) {
    let value = block[at]! & 0x7f;
    for (let next = at + 1; next < at + length; next++) value = value * 256 + block[next]!;
    if (Number.isSafeInteger(value)) return value;
  } else {
    const digits = text(block, at, length).trim();
    if (/^[0-7]*$/.test(digits)) return digits === "" ? 0 : parseInt(digits, 8);
  }
  throw new ArchiveError("it holds a number that cannot be read");
}
