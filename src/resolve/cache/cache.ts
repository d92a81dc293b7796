import { join } from "../../platform/path.ts";
import { syncFolder } from "../../platform/mod.ts";
import { artifactFolder, type CacheEntry } from "./cache_entry.ts";
import { type CacheRecord, readRecord, recordPath } from "./cache_record.ts";
import { artifactProblem } from "./check_artifact.ts";
import { foldersIn } from "../../files/list_folder.ts";

/** What an executable in the cache must be to be taken. */
export interface WantedArtifact {
  /** Checksum of the artifact where it is known: then nothing else counts. */
  readonly sha256: string | null;
  /** Where the artifact is published, as {@linkcode CacheRecord.url} says it. */
  readonly url: string;
  /** Path of the executable below the artifact's folder. */
  readonly executable: string;
}

/** What the cache has of an executable. */
export type CachedExecutable =
  /** It is what was installed. */
  | { readonly kind: "ready"; readonly path: string; readonly record: CacheRecord }
  | { readonly kind: "absent"; readonly detail: string }
  /** Something is there that must not be run. */
  | {
    readonly kind: "damaged";
    readonly detail: string;
    /** Null where it has none, or it is broken. */
    readonly record: CacheRecord | null;
  };

/** How to look. */
export interface CacheLookupOptions {
  /** Read every file, whatever a look tells. @default false */
  readonly verify?: boolean;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/**
 * Looks for an executable in the cache, and whether it still is what was installed.
 *
 * @param entry Where to look.
 * @param wanted What it must be.
 * @param options How closely.
 * @returns What is there.
 * @throws {HaleError} `store_io` If the cache cannot be read.
 * @throws The signal's reason if that fires.
 */
export async function cachedExecutable(
  entry: CacheEntry,
  wanted: WantedArtifact,
  options: CacheLookupOptions = {},
): Promise<CachedExecutable> {
  const installed = installedArtifacts(entry.folder);
  if (installed.length === 0) return { kind: "absent", detail: `nothing at ${entry.folder}` };
  const fitting = installed.filter(({ folder, record }) =>
    wanted.sha256 !== null
      ? (record?.artifact.sha256 ?? wanted.sha256) === wanted.sha256 &&
        folder === artifactFolder(entry, wanted.sha256)
      : (record?.url ?? wanted.url) === wanted.url
  ).sort(newestFirst);
  const [first] = fitting;
  if (first === undefined) return { kind: "absent", detail: otherArtifacts(installed, wanted) };
  const { folder, record } = first;
  const path = join(folder, wanted.executable);
  const problem = record === null
    ? "it has no record of where it came from"
    : record.executable !== wanted.executable
    ? `${record.executable} was installed in its place`
    : await artifactProblem(folder, record, options);
  if (record === null || problem !== null) {
    return { kind: "damaged", detail: `${path} is not used: ${problem}`, record };
  }
  markUsed(folder);
  return { kind: "ready", path, record };
}

/** What reading its folders is for, in case of an error. */
export const READ_CACHE = "read the cache";

/** Something below the folder of a release. */
export interface InstalledArtifact {
  readonly folder: string;
  /** Null where it has none that can be used. */
  readonly record: CacheRecord | null;
}

/**
 * What is installed of a release.
 *
 * @param folder The folder of the release for one machine.
 * @returns The artifacts; none where the folder is not there.
 * @throws {HaleError} `store_io` If the folder or a record cannot be read.
 */
export function installedArtifacts(folder: string): readonly InstalledArtifact[] {
  return foldersIn(folder, READ_CACHE)
    .map((name) => join(folder, name))
    .map((path) => ({ folder: path, record: readRecord(path) }));
}

/**
 * Puts the finished folder of an artifact in its place. A reader sees what was there before or all
 * that is new, never a part, whenever this program or the power ends.
 *
 * @param entry The release. The caller holds its lock.
 * @param folder The folder, complete and synced, below the entry's.
 * @param sha256 The artifact's checksum.
 * @returns Where it is now.
 */
export async function placeArtifact(
  entry: CacheEntry,
  folder: string,
  sha256: string,
): Promise<string> {
  const place = artifactFolder(entry, sha256);
  const old = join(entry.folder, `${OLD_PREFIX}${crypto.randomUUID()}`);
  const wasThere = await renameIfThere(place, old);
  await Deno.rename(folder, place);
  await syncFolder(entry.folder);
  if (wasThere) await Deno.remove(old, { recursive: true });
  return place;
}

/** Begins the name of a folder that is only there to be removed. */
export const OLD_PREFIX = ".old-";
const NEW = ".new-";

/**
 * A new folder that becomes an artifact's.
 *
 * @param entry The release. The caller holds its lock.
 * @returns Its path.
 */
export async function makeArtifactFolder(entry: CacheEntry): Promise<string> {
  const folder = join(entry.folder, `${NEW}${crypto.randomUUID()}`);
  await Deno.mkdir(folder, { recursive: true });
  return folder;
}

/**
 * Removes what programs that were killed left half done.
 *
 * @param entry The release. The caller holds its lock: nobody else works there.
 */
export async function removeUnfinished(entry: CacheEntry): Promise<void> {
  for await (const { name } of Deno.readDir(entry.folder)) {
    if (!name.startsWith(NEW) && !name.startsWith(OLD_PREFIX)) continue;
    await Deno.remove(join(entry.folder, name), { recursive: true });
  }
}

function newestFirst(one: InstalledArtifact, other: InstalledArtifact): number {
  const [a, b] = [one.record?.at ?? "", other.record?.at ?? ""];
  return a < b ? 1 : a > b ? -1 : 0;
}

function otherArtifacts(installed: readonly InstalledArtifact[], wanted: WantedArtifact): string {
  const urls = installed.map(({ record }) => record?.url ?? "an unknown place").join(", ");
  return wanted.sha256 === null
    ? `only what came from elsewhere: ${urls}`
    : `only what has another SHA-256 than ${wanted.sha256}, from ${urls}`;
}

/** The record's own time is that of the last use: one system call, and nothing is rewritten. */
function markUsed(folder: string): void {
  const now = new Date();
  try {
    Deno.utimeSync(recordPath(folder), now, now);
  } catch {
    // A cache that cannot be written is still good to read.
  }
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await Deno.rename(from, to);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
