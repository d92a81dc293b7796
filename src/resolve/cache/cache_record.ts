import { HaleError, messageOf } from "../../errors.ts";
import { join } from "../../platform/path.ts";
import { writeAll } from "../../files/write_all.ts";
import { rename } from "../../platform/retry_while_held.ts";

/** What was installed and where it came from. Stored as JSON in the artifact's folder. */
export interface CacheRecord {
  readonly schema_version: 1;
  /** Name of the program. */
  readonly name: string;
  readonly version: string;
  /** Such as `linux-amd64`. */
  readonly target: string;
  /** Where the artifact is published. */
  readonly url: string;
  /** The local file that was installed (`hale fetch --from`); null if it was downloaded. */
  readonly from: string | null;
  /** The file that the vendor publishes: the executable, or an archive that contains it. */
  readonly artifact: { readonly sha256: string; readonly size: number };
  /** Path of the executable below the record's folder, separated by `/`. */
  readonly executable: string;
  /** Checksum of the executable, lower-case hex. */
  readonly sha256: string;
  readonly size: number;
  /** Modification time in milliseconds since 1970; null if the system has none. */
  readonly mtime_ms: number | null;
  /** Null if the system has none. */
  readonly inode: number | null;
  /** The other files of the archive. */
  readonly files: readonly {
    readonly path: string;
    readonly size: number;
    readonly sha256: string;
  }[];
  /** ISO 8601 time of the installation. The last use is the record's own modification time. */
  readonly at: string;
}

/** What identifies an unchanged file without reading it. */
export type FileFacts = Pick<CacheRecord, "size" | "mtime_ms" | "inode">;

/**
 * Returns the facts of a file that are compared.
 *
 * @param info Result of `stat`.
 */
export function fileFacts({ size, mtime, ino }: Deno.FileInfo): FileFacts {
  return { size, mtime_ms: mtime?.getTime() ?? null, inode: ino };
}

/** Returns whether two results of `stat` describe the same, unchanged file. */
export function isSameFile(one: FileFacts, other: FileFacts): boolean {
  return one.size === other.size && one.mtime_ms === other.mtime_ms && one.inode === other.inode;
}

/**
 * Returns the path of an artifact's record.
 *
 * @param folder The artifact's folder.
 */
export function recordPath(folder: string): string {
  return join(folder, ".record.json");
}

/**
 * Reads the record of an artifact. Synchronous: the file is short and the callers have nothing else
 * to do meanwhile.
 *
 * @param folder The artifact's folder.
 * @returns The record; null if it is missing or this version of hale cannot use it.
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
 * Writes the record of an artifact. Readers see the old record or the new one.
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
    await rename(temporary, path);
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
    `Cannot read the cache record ${path}: ${messageOf(error)}. Make the file readable, or ` +
      "delete it; hale then installs the release again.",
    { fields: { path }, cause: error },
  );
}
