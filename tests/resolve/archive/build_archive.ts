/**
 * Builds archives byte by byte, so that they can contain what no packer writes.
 *
 * @module
 */

import { crc32, deflateRawSync, gzipSync } from "node:zlib";

/** An entry of a tar. */
export interface TarPart {
  readonly name: string;
  readonly body?: Uint8Array | string;
  /** @default "0", a file */
  readonly type?: string;
  readonly mode?: number;
  readonly link?: string;
  /** Size in the header. @default the size of the body */
  readonly size?: number;
}

/** Builds a tar. */
export function tarOf(parts: readonly TarPart[], { end = true } = {}): Uint8Array<ArrayBuffer> {
  const blocks = parts.flatMap((part) => {
    const body = bytesOf(part.body ?? "");
    return [tarHeader(part, body.length), body, new Uint8Array((512 - body.length % 512) % 512)];
  });
  return concat([...blocks, ...(end ? [new Uint8Array(1024)] : [])]);
}

function tarHeader(part: TarPart, bodySize: number): Uint8Array {
  const { name, type = "0", mode = 0o644, link = "", size = bodySize } = part;
  const header = new Uint8Array(512);
  const put = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
  put(0, name);
  put(100, mode.toString(8).padStart(7, "0"));
  put(124, size.toString(8).padStart(11, "0"));
  put(148, "        ");
  put(156, type);
  put(157, link);
  put(257, "ustar\x0000");
  const sum = header.reduce((all, byte) => all + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return header;
}

/** A pax header for the entry after it. */
export function pax(records: Readonly<Record<string, string>>): TarPart {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    const length = new TextEncoder().encode(rest).length;
    const digits = String(length + String(length).length).length;
    return `${length + digits}${rest}`;
  });
  return { name: "pax", type: "x", body: lines.join("") };
}

/** An entry of a zip. */
export interface ZipPart {
  readonly name: string;
  readonly body?: Uint8Array | string;
  /** Unix mode with the file type. @default 0o100644 */
  readonly mode?: number;
  /** Without compression. */
  readonly stored?: boolean;
  /** Name in the local header. @default the name in the central directory */
  readonly localName?: string;
  /** Size and CRC in the central directory. @default those of the body */
  readonly size?: number;
  readonly crc?: number;
  readonly flags?: number;
  readonly method?: number;
}

/** Fields of the end record of a zip. */
export interface ZipEnd {
  readonly comment?: string;
  /** Length of the central directory. @default the true length */
  readonly directoryBytes?: number | null;
}

/** Builds a zip. */
export function zipOf(
  parts: readonly ZipPart[],
  { comment = "", directoryBytes = null }: ZipEnd = {},
): Uint8Array<ArrayBuffer> {
  const locals: Uint8Array[] = [];
  const records: Uint8Array[] = [];
  let offset = 0;
  for (const part of parts) {
    const body = bytesOf(part.body ?? "");
    const packed = part.stored ? body : new Uint8Array(deflateRawSync(body));
    const { flags = 0, size = body.length, crc = crc32(body), mode = 0o100644 } = part;
    const method = part.method ?? (part.stored ? 0 : 8);
    const sizes = [u32(crc), u32(packed.length), u32(size)];
    const name = bytesOf(part.name);
    const localName = bytesOf(part.localName ?? part.name);
    const local = concat([
      u32(0x04034b50),
      u16(20),
      u16(flags),
      u16(method),
      u32(0),
      ...sizes,
      u16(localName.length),
      u16(0),
      localName,
      packed,
    ]);
    records.push(concat([
      u32(0x02014b50),
      Uint8Array.of(20, 3),
      u16(20),
      u16(flags),
      u16(method),
      u32(0),
      ...sizes,
      u16(name.length),
      u16(0),
      u16(0),
      u16(0),
      u16(0),
      u16(0),
      u16(mode),
      u32(offset),
      name,
    ]));
    locals.push(local);
    offset += local.length;
  }
  const directory = concat(records);
  return concat([
    ...locals,
    directory,
    u32(0x06054b50),
    u32(0),
    u16(parts.length),
    u16(parts.length),
    u32(directoryBytes ?? directory.length),
    u32(offset),
    u16(comment.length),
    bytesOf(comment),
  ]);
}

/** Compresses with gzip. */
export function gzip(bytes: Uint8Array | string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(bytesOf(bytes)));
}

/** Concatenates bytes. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function bytesOf(body: Uint8Array | string): Uint8Array {
  return typeof body === "string" ? new TextEncoder().encode(body) : body;
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >>> 8);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}
