import { HaleError, messageOf } from "../../errors.ts";
import { join } from "../../platform/path.ts";
import { writeAll } from "../../files/write_all.ts";

/** What was installed, and where it came from. On disk as JSON, beside it. */
export interface CacheRecord {
  readonly schema_version: 1;
  /** Name of the program. */
  readonly name: string;
  readonly version: string;
  /** Such as `linux-amd64`. */
  readonly target: string;
  /** Where the artifact is published. */
  readonly url: string;
  /** The file that was brought in by hand in its place; null where it was downloaded. */
  readonly from: string | null;
  /** The file that the vendor publishes: the executable itself, or an archive with it. */
  readonly artifact: { readonly sha256: string; readonly size: number };
  /** Path of the executable below the record's folder, with `/` between its parts. */
  readonly executable: string;
  /** Of the executable, lower-case hex. */
  readonly sha256: string;
  readonly size: number;
  /** Modification time in milliseconds since 1970, where the system has one. */
  readonly mtime_ms: number | null;
  /** Null where the system has none. */
  readonly inode: number | null;
  /** The other files of its archive. */
  readonly files: readonly {
    readonly path: string;
    readonly size: number;
    readonly sha256: string;
  }[];
  /** ISO 8601 time of the installation. The last use is the record's own modification time. */
  readonly at: string;
}

/** What a look at a file tells of it without reading it. */
export type FileFacts = Pick<CacheRecord, "size" | "mtime_ms" | "inode">;

/**
 * What a look at a file tells.
 *
 * @param info The look.
 */
export function fileFacts({ size, mtime, ino }: Deno.FileInfo): FileFacts {
  return { size, mtime_ms: mtime?.getTime() ?? null, inode: ino };
}

/** Whether two looks saw the same file, unchanged. */
export function isSameFile(one: FileFacts, other: FileFacts): boolean {
  return one.size === other.size && one.mtime_ms === other.mtime_ms && one.inode === other.inode;
}

/**
 * The path of an artifact's record.
 *
 * @param folder The artifact's folder.
 */
export function recordPath(folder: string): string {
  return join(folder, ".record.json");
}

/**
 * Reads the record of an artifact. It does not wait: a record is short, and who asks has nothing else
 * to do.
 *
 * @param folder The artifact's folder.
 * @returns The record; null where there is none, or none that this hale can use.
 * @throws {HaleError} `store_io` If it cannot be read.
 */
export function readRecord(folder: string): CacheRecord | null {
  const path = recordPath(folder);
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw unreadable(path, error);
  }
  return parseRecord(text);
}

/**
 * Writes the record of an artifact, so that a reader sees the old one or the new one.
 *
 * @param folder The artifact's folder.
 * @param record The record.
 */
export async function writeRecord(folder: string, record: CacheRecord): Promise<void> {
  const path = recordPath(folder);
  const temporary = `${path}.${crypto.randomUUID()}`;
  try {
    {
      using file = await Deno.open(temporary, { write: true, createNew: true });
      await writeAll(file, new TextEncoder().encode(JSON.stringify(record, null, 2) + "\n"));
      await file.sync();
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

function parseRecord(text: string): CacheRecord | null {
  let record: Partial<CacheRecord> | null;
  try {
    record = JSON.parse(text);
  } catch {
    return null;
  }
  const isUsable = record?.schema_version === 1 && typeof record.size === "number" &&
    typeof record.sha256 === "string" && typeof record.executable === "string" &&
    typeof record.url === "string" && typeof record.artifact?.sha256 === "string" &&
    Array.isArray(record.files);
  return isUsable ? record as CacheRecord : null;
}

function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

function unreadable(path: string, error: unknown): HaleError {
  return new HaleError(
    "store_io",
    `The cache's record ${path} cannot be read: ${
      messageOf(error)
    }. Make it readable or delete it.`,
    { fields: { path }, cause: error },
  );
}
