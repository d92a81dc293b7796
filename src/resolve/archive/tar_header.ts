import { ArchiveError } from "./archive_error.ts";

/** Size of a block in a tar, in bytes. */
export const TAR_BLOCK = 512;

/** The used fields of a tar header. */
export interface TarHeader {
  readonly name: string;
  readonly link: string;
  readonly size: number;
  readonly mode: number;
  /** The type flag: a letter or digit. */
  readonly type: string;
}

/**
 * Parses a header of the formats ustar (POSIX), GNU and v7.
 *
 * @param block The block.
 * @returns The header; null for the empty block that ends an archive.
 * @throws {ArchiveError} If it is not a header.
 */
export function readTarHeader(block: Uint8Array): TarHeader | null {
  if (block.every((byte) => byte === 0)) return null;
  if (!hasValidChecksum(block)) throw new ArchiveError("it is not a tar file, or is damaged");
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
 * Parses the records of a pax extended header.
 *
 * @param bytes The records: `LENGTH KEY=VALUE`, each with a line feed.
 * @returns The values by key.
 * @throws {ArchiveError} If they are not valid.
 */
export function readPaxRecords(bytes: Uint8Array): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length && bytes[at] !== 0;) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(decoder.decode(bytes.subarray(at, space === -1 ? at : space)));
    const end = at + length;
    const record = decoder.decode(bytes.subarray(space + 1, end - 1));
    const equals = record.indexOf("=");
    const isValid = space !== -1 && Number.isSafeInteger(length) && end > space &&
      end <= bytes.length && bytes[end - 1] === 0x0a && equals > 0;
    if (!isValid) throw new ArchiveError("it has a damaged extended header");
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at = end;
  }
  return records;
}

const decoder = new TextDecoder();

/** The checksum is the sum of all bytes, with the checksum field as spaces. */
function hasValidChecksum(block: Uint8Array): boolean {
  let sum = 0;
  for (let at = 0; at < TAR_BLOCK; at++) sum += at >= 148 && at < 156 ? 0x20 : block[at]!;
  return sum === number(block, 148, 8);
}

function text(block: Uint8Array, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return decoder.decode(end === -1 ? field : field.subarray(0, end));
}

/** Octal digits, or a binary number if the highest bit is set (GNU, for large files). */
function number(block: Uint8Array, at: number, length: number): number {
  if (block[at]! & 0x80) {
    let value = block[at]! & 0x7f;
    for (let next = at + 1; next < at + length; next++) value = value * 256 + block[next]!;
    if (Number.isSafeInteger(value)) return value;
  } else {
    const digits = text(block, at, length).trim();
    if (/^[0-7]*$/.test(digits)) return digits === "" ? 0 : parseInt(digits, 8);
  }
  throw new ArchiveError("it has a header with an invalid number");
}
