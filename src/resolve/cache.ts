import { HaleError, messageOf } from "../errors.ts";
import { syncFolder } from "../platform/mod.ts";
import type { CacheEntry } from "./cache_entry.ts";
import { executableProblem } from "./executable_problem.ts";
import { sha256OfFile } from "./sha256.ts";

/** Where a cached executable came from and what it was when it was installed. On disk as JSON. */
export interface CacheRecord {
  readonly schema_version: 1;
  /** URL of the artifact. */
  readonly origin: string;
  /** Of the executable, lower-case hex. */
  readonly sha256: string;
  readonly size: number;
  /** Modification time in milliseconds since 1970, where the system has one. */
  readonly mtime_ms: number | null;
  /** Null where the system has none. */
  readonly inode: number | null;
  /** ISO 8601 time of the installation. */
  readonly at: string;
}

/** What the cache has of an executable. */
export type CachedExecutable =
  /** It is what was installed. */
  | { readonly kind: "ready"; readonly path: string; readonly sha256: string }
  | { readonly kind: "absent"; readonly detail: string }
  /** Something is there that must not be run. */
  | { readonly kind: "damaged"; readonly detail: string };

/**
 * Looks for an executable in the cache, and whether it still is what was installed: by size, time
 * and inode where those are as recorded, by its checksum where they are not.
 *
 * @param entry Where to look.
 * @returns What is there.
 */
export async function cachedExecutable(entry: CacheEntry): Promise<CachedExecutable> {
  const { executable: path } = entry;
  const problem = await executableProblem(path);
  if (problem === "there is no such file") return { kind: "absent", detail: `nothing at ${path}` };
  const damaged = (detail: string): CachedExecutable => ({
    kind: "damaged",
    detail: `${path} is not used: ${detail}`,
  });
  if (problem !== null) return damaged(problem);
  const record = await readRecord(entry.record);
  if (record === null) return damaged("it has no record of where it came from");
  const found = await fileFacts(path);
  if (found.size !== record.size) {
    return damaged(`it has ${found.size} bytes, ${record.size} were installed`);
  }
  const ready: CachedExecutable = { kind: "ready", path, sha256: record.sha256 };
  if (found.mtime_ms === record.mtime_ms && found.inode === record.inode) return ready;
  const sha256 = await sha256OfFile(path);
  if (sha256 !== record.sha256) {
    return damaged(`its SHA-256 is ${sha256}, what was installed had ${record.sha256}`);
  }
  // A copied cache, say: it is proven now, and need not be hashed again next time.
  await writeRecord(entry, { ...record, ...found }).catch(() => {
    // A cache that cannot be written is still good to read.
  });
  return ready;
}

/**
 * Puts a finished file in its place in the cache. A reader sees what was there before or the whole
 * new file, never a part, whenever this program or the power ends.
 *
 * @param entry Where it goes. The caller holds the lock.
 * @param from The file, complete and checked, in the entry's folder.
 * @param origin Where it came from, and its checksum.
 */
export async function storeExecutable(
  entry: CacheEntry,
  from: string,
  origin: Pick<CacheRecord, "origin" | "sha256">,
): Promise<void> {
  {
    using file = await Deno.open(from, { write: true });
    await file.sync();
  }
  // Time and inode survive the rename. The record goes first: without the file it says nothing,
  // while the file without its record would have to be downloaded again.
  await writeRecord(entry, {
    schema_version: 1,
    ...origin,
    ...await fileFacts(from),
    at: new Date().toISOString(),
  });
  if (await isFolder(entry.executable)) await Deno.remove(entry.executable, { recursive: true });
  await Deno.rename(from, entry.executable);
  await syncFolder(entry.folder);
}

async function fileFacts(path: string): Promise<Pick<CacheRecord, "size" | "mtime_ms" | "inode">> {
  const { size, mtime, ino } = await Deno.stat(path);
  return { size, mtime_ms: mtime?.getTime() ?? null, inode: ino };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function readRecord(path: string): Promise<CacheRecord | null> {
  let record: Partial<CacheRecord> | null;
  try {
    record = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Deno.errors.NotFound) return null;
    throw new HaleError(
      "store_io",
      `The cache's record ${path} cannot be read: ${
        messageOf(error)
      }. Make it readable or delete it.`,
      { fields: { path }, cause: error },
    );
  }
  const usable = record?.schema_version === 1 && typeof record.size === "number" &&
    typeof record.sha256 === "string";
  return usable ? record as CacheRecord : null;
}

async function writeRecord(entry: CacheEntry, record: CacheRecord): Promise<void> {
  const temporary = `${entry.record}.${crypto.randomUUID()}`;
  try {
    {
      using file = await Deno.open(temporary, { write: true, createNew: true });
      await file.write(new TextEncoder().encode(JSON.stringify(record, null, 2) + "\n"));
      await file.sync();
    }
    await Deno.rename(temporary, entry.record);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}
