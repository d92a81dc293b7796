import { ArchiveError } from "./archive_error.ts";
import type { ArchiveEntry } from "./entry.ts";
import { inflateRaw } from "./inflate.ts";
import { readAt, readInto } from "./read_at.ts";
import { readZipDirectory, type ZipRecord } from "./zip_directory.ts";

const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const READ_BYTES = 1 << 16;
/** PATH_MAX of Linux. */
const MAX_LINK_BYTES = 4096;

/**
 * Streams the entries of a zip in the order of its central directory.
 *
 * The central directory decides, as in Info-ZIP and yauzl. The local header before the contents must
 * agree with it: otherwise two programs could see two archives in one file.
 *
 * @param path The zip.
 * @throws {ArchiveError} If it is not a zip, is damaged, or uses an unsupported compression.
 */
export async function* zipEntries(path: string): AsyncGenerator<ArchiveEntry> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  for (const record of await readZipDirectory(file, size)) {
    const kind = kindOf(record);
    yield {
      name: record.name,
      kind,
      // Without a Unix mode the file may be the executable.
      executable: record.unixMode === 0 || (record.unixMode & 0o111) !== 0,
      link: kind === "symlink" ? await readLink(file, record) : "",
      chunks: kind === "file" ? contentsOf(file, record) : nothing(),
    };
  }
}

const FILE_KIND = 0o170000;

function kindOf({ name, unixMode }: ZipRecord): "file" | "folder" | "symlink" {
  const kind = unixMode & FILE_KIND;
  if (kind === 0o120000) return "symlink";
  if (kind === 0o040000 || name.endsWith("/")) return "folder";
  if (kind === 0o100000 || kind === 0) return "file";
  throw new ArchiveError(`its entry ${JSON.stringify(name)} is not a file, folder or link`);
}

async function readLink(file: Deno.FsFile, record: ZipRecord): Promise<string> {
  const text = new TextDecoder();
  if (record.size > MAX_LINK_BYTES) {
    throw new ArchiveError(
      `its link ${JSON.stringify(record.name)} is longer than ${MAX_LINK_BYTES} bytes`,
    );
  }
  let link = "";
  for await (const chunk of contentsOf(file, record)) link += text.decode(chunk, { stream: true });
  return link + text.decode();
}

async function* contentsOf(file: Deno.FsFile, record: ZipRecord): AsyncGenerator<Uint8Array> {
  const { crc32 } = await import("node:zlib");
  const packed = packedOf(file, record);
  let size = 0;
  let sum = 0;
  for await (const chunk of record.method === 8 ? inflateRaw(packed) : packed) {
    size += chunk.length;
    if (size > record.size) break;
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (size !== record.size || sum !== record.crc32) {
    throw new ArchiveError(
      `its entry ${JSON.stringify(record.name)} is damaged (size or CRC-32 is wrong)`,
    );
  }
}

async function* packedOf(file: Deno.FsFile, record: ZipRecord): AsyncGenerator<Uint8Array> {
  if (record.method !== 0 && record.method !== 8) {
    throw new ArchiveError(
      `its entry ${JSON.stringify(record.name)} uses the compression method ${record.method}; ` +
        "hale supports 0 (stored) and 8 (deflate)",
    );
  }
  const start = await contentsStart(file, record);
  // One buffer for all chunks: each is consumed before the next is requested.
  const buffer = new Uint8Array(Math.min(READ_BYTES, record.packedSize));
  for (let done = 0; done < record.packedSize;) {
    const chunk = buffer.subarray(0, record.packedSize - done);
    await readInto(file, start + done, chunk);
    done += chunk.length;
    yield chunk;
  }
}

async function contentsStart(file: Deno.FsFile, record: ZipRecord): Promise<number> {
  const head = await readAt(file, record.offset, LOCAL_BYTES);
  const view = new DataView(head.buffer);
  const nameLength = view.getUint16(26, true);
  const name = await readAt(file, record.offset + LOCAL_BYTES, nameLength);
  const isConsistent = view.getUint32(0, true) === LOCAL_SIGNATURE &&
    name.length === record.rawName.length &&
    name.every((byte, index) => byte === record.rawName[index]);
  if (!isConsistent) {
    throw new ArchiveError(
      `its entry ${JSON.stringify(record.name)} contradicts its central directory`,
    );
  }
  return record.offset + LOCAL_BYTES + nameLength + view.getUint16(28, true);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
