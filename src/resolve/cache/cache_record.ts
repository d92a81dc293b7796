import { HaleError, messageOf } from "../../errors.ts";
import { join } from "../../platform/path.ts";
import { endingFile } from "../../files/regular_file.ts";
import { writeAll } from "../../files/write_all.ts";
import { rename } from "../../platform/retry_while_held.ts";

/** What identifies an unchanged file without reading it. */
export interface FileFacts {
  readonly size: number;
  /** Modification time in milliseconds since 1970; null if the system has none. */
  readonly mtime_ms: number | null;
  /**
   * Time of the last change of contents, name, owner or mode, in whole seconds (as Deno reports it).
   * No program can set it, unlike `mtime_ms`. Null if the system has none, and in a record of an older
   * hale.
   */
  readonly ctime_ms: number | null;
  /** Null if the system has none. */
  readonly inode: number | null;
}

/** A file of an archive as it was installed. */
export interface RecordedFile extends FileFacts {
  /** Path in the archive, separated by `/`. */
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

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
  readonly mtime_ms: number | null;
  readonly ctime_ms: number | null;
  readonly inode: number | null;
  /** When the facts of the files were read, in milliseconds; null in a record of an older hale. */
  readonly checked_ms: number | null;
  /** The other files of the archive. */
  readonly files: readonly RecordedFile[];
  /** The symbolic links of the archive; null in a record of an older hale. */
  readonly links: readonly { readonly path: string; readonly target: string }[] | null;
  /** ISO 8601 time of the installation. The last use is the record's own modification time. */
  readonly at: string;
}

/**
 * Returns the facts of a file that are compared.
 *
 * @param info Result of `stat`.
 */
export function fileFacts({ size, mtime, ctime, ino }: Deno.FileInfo): FileFacts {
  return {
    size,
    mtime_ms: mtime?.getTime() ?? null,
    ctime_ms: ctime?.getTime() ?? null,
    inode: ino,
  };
}

/**
 * Returns whether a file is unchanged since its facts were recorded. A change within the second in which
 * it was checked would leave the same `ctime_ms`: facts that young prove nothing (Git calls this a racy
 * entry), and the file has to be read.
 *
 * @param found The facts now.
 * @param recorded The facts in the record.
 * @param checkedMs `checked_ms` of the record.
 */
export function isSameFile(
  found: FileFacts,
  recorded: FileFacts,
  checkedMs: number | null,
): boolean {
  const { ctime_ms: ctimeMs } = recorded;
  const isOlder = ctimeMs === null || (checkedMs !== null && ctimeMs + CTIME_UNIT_MS <= checkedMs);
  return isOlder && found.size === recorded.size && found.mtime_ms === recorded.mtime_ms &&
    found.ctime_ms === ctimeMs && found.inode === recorded.inode;
}

const CTIME_UNIT_MS = 1000;

/** File name of a record. Unfinished records begin with it. */
export const RECORD_NAME = ".record.json";

/**
 * Returns the path of an artifact's record.
 *
 * @param folder The artifact's folder.
 */
export function recordPath(folder: string): string {
  return join(folder, RECORD_NAME);
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
    text = Deno.readTextFileSync(endingFile(path));
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
      const options = { write: true, createNew: true, mode: 0o644 };
      using file = await Deno.open(temporary, options);
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
  const isUsable = record?.schema_version === 1 && isRecordedFile({ ...record, path: "" }) &&
    typeof record.executable === "string" && typeof record.url === "string" &&
    typeof record.artifact?.sha256 === "string" &&
    Array.isArray(record.files) && record.files.every(isRecordedFile) &&
    (record.links === undefined || record.links === null || Array.isArray(record.links));
  if (!isUsable) return null;
  const { files, links, checked_ms } = record as CacheRecord;
  return {
    ...WITHOUT_FACTS,
    ...record as CacheRecord,
    files: files.map(withFacts),
    links: links ?? null,
    checked_ms: checked_ms ?? null,
  };
}

/** Older hales recorded fewer facts. The file is then hashed once. */
const WITHOUT_FACTS = { mtime_ms: null, ctime_ms: null, inode: null };

function withFacts(file: RecordedFile): RecordedFile {
  return { ...WITHOUT_FACTS, ...file };
}

function isRecordedFile(value: unknown): boolean {
  const file = value as Partial<RecordedFile> | null;
  return typeof file?.path === "string" && typeof file.size === "number" &&
    typeof file.sha256 === "string";
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
