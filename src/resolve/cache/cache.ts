import { basename, join } from "../../platform/path.ts";
import { syncFolder } from "../../platform/mod.ts";
import { artifactFolder, type CacheEntry } from "./cache_entry.ts";
import { type CacheRecord, readRecord, recordPath } from "./cache_record.ts";
import { assertCachePermissions } from "./cache_permissions.ts";
import { checkArtifact, type CheckArtifactOptions } from "./check_artifact.ts";
import type { Packing } from "../../model/packing.ts";
import { addedFiles, recordedFiles } from "./compare_folder.ts";
import { foldersIn } from "../../files/list_folder.ts";
import { rename } from "../../platform/retry_while_held.ts";

/** What identifies the artifact that a caller needs. */
export interface WantedArtifact {
  /** Checksum of the artifact. If it is known, it alone decides; null compares the URL. */
  readonly sha256: string | null;
  /** Where the artifact is published, in the form of {@linkcode CacheRecord.url}. */
  readonly url: string;
  /** Path of the executable below the artifact's folder. */
  readonly executable: string;
  /** How the executable is packed in the artifact. */
  readonly packing: Packing;
}

/** Result of a cache lookup. */
export type CachedExecutable =
  /** The executable is unchanged since it was installed. */
  | { readonly kind: "ready"; readonly path: string; readonly record: CacheRecord }
  | { readonly kind: "absent"; readonly detail: string }
  /** The cache holds the artifact, but its executable must not be run. */
  | {
    readonly kind: "damaged";
    readonly detail: string;
    /** Null if the record is missing or unusable. */
    readonly record: CacheRecord | null;
    /** Files in its folder that hale did not install. */
    readonly added: readonly string[];
  };

/**
 * Finds an executable in the cache and checks that it is unchanged since it was installed.
 *
 * @param entry The cache's paths for the release.
 * @param wanted The artifact that the executable must come from.
 * @param options How thoroughly to check.
 * @returns The executable, or why the cache has none that can be used.
 * @throws {HaleError} `store_io` If the cache cannot be read.
 * @throws {HaleError} `unsafe_home` If another user could change it.
 * @throws The signal's reason if it is aborted.
 */
export async function cachedExecutable(
  entry: CacheEntry,
  wanted: WantedArtifact,
  options: CheckArtifactOptions = {},
): Promise<CachedExecutable> {
  assertCachePermissions(entry.cacheDir, entry.folder);
  const installed = installedArtifacts(entry.folder);
  if (installed.length === 0) {
    return { kind: "absent", detail: `nothing is cached in ${entry.folder}` };
  }
  const matching = installed.filter(({ folder, record }) =>
    wanted.sha256 !== null
      ? (record?.artifact.sha256 ?? wanted.sha256) === wanted.sha256 &&
        folder === artifactFolder(entry, wanted.sha256)
      : (record?.url ?? wanted.url) === wanted.url
  ).sort(newestFirst);
  const [first] = matching;
  if (first === undefined) return { kind: "absent", detail: otherArtifacts(installed, wanted) };
  const { folder, record } = first;
  assertCachePermissions(entry.cacheDir, folder);
  const path = join(folder, wanted.executable);
  const damaged = (problem: string): CachedExecutable => ({
    kind: "damaged",
    detail: `${path} is not used: ${problem}`,
    record,
    added: addedTo(folder, record, wanted.executable),
  });
  if (record === null) return damaged(`its record ${recordPath(folder)} is missing or damaged`);
  const problem = wrongRecord(record, wanted);
  if (problem !== null) return damaged(problem);
  const check = await checkArtifact(folder, record, options);
  if (check.kind === "changed") return damaged(check.problem);
  markUsed(folder);
  return { kind: "ready", path, record: check.record };
}

function addedTo(
  folder: string,
  record: CacheRecord | null,
  executable: string,
): readonly string[] {
  try {
    return addedFiles(folder, record, { ofRelease: [executable] });
  } catch {
    // A folder that cannot be read is the problem that is reported.
    return [];
  }
}

/** A known checksum, such as that of `hale.lock`, decides over the record, which is in the cache. */
function wrongRecord(
  { executable, sha256, artifact }: CacheRecord,
  wanted: WantedArtifact,
): string | null {
  if (executable !== wanted.executable) {
    return `its record names another executable, ${executable}`;
  }
  const released = wanted.sha256 ?? artifact.sha256;
  return wanted.packing === "plain" && sha256 !== released
    ? `its record has the SHA-256 ${sha256}, but ${released} was released`
    : null;
}

/** The purpose of reading its folders, for error messages. */
export const READ_CACHE = "read the cache";

/** An artifact in the cache. */
export interface InstalledArtifact {
  readonly folder: string;
  /** Null if the record is missing or unusable. */
  readonly record: CacheRecord | null;
}

/**
 * Lists the artifacts that are installed of a release.
 *
 * @param folder The release's folder for one target.
 * @returns The artifacts; empty if the folder does not exist.
 * @throws {HaleError} `store_io` If the folder or a record cannot be read.
 */
export function installedArtifacts(folder: string): readonly InstalledArtifact[] {
  return foldersIn(folder, READ_CACHE)
    .map((name) => join(folder, name))
    .map((path) => ({ folder: path, record: readRecord(path) }));
}

/** Where an artifact was placed. */
export interface PlacedArtifact {
  readonly path: string;
  /** The folder that was there before, if it had files that hale did not install; else null. */
  readonly kept: KeptFolder | null;
}

/** A folder that was set aside with files that hale did not install. */
export interface KeptFolder {
  readonly path: string;
  /** The names of these files. */
  readonly added: readonly string[];
}

/**
 * Moves the finished folder of an artifact to its final path. Readers see the old folder or the
 * complete new one, even after a crash or a power failure. The old folder is removed, unless it has files
 * that hale did not install.
 *
 * @param entry The release. The caller holds its lock.
 * @param folder The folder, complete and synced, below the entry's.
 * @param sha256 The artifact's checksum.
 * @returns The final path, and the old folder if it was kept.
 */
export async function placeArtifact(
  entry: CacheEntry,
  folder: string,
  sha256: string,
): Promise<PlacedArtifact> {
  const path = artifactFolder(entry, sha256);
  // Decided before the move: what is left of a killed program is removed by its name.
  const installed = readRecord(folder);
  const ofRelease = installed === null ? [] : recordedFiles(installed).map(({ path }) => path);
  const added = addedFiles(path, readRecord(path), { ofRelease });
  const id = crypto.randomUUID();
  const aside = added.length === 0
    ? join(entry.folder, `${OLD_PREFIX}${id}`)
    : join(entry.folder, `${KEPT_PREFIX}${basename(path)}-${id.slice(0, 8)}`);
  const wasThere = await renameIfThere(path, aside);
  await rename(folder, path);
  await syncFolder(entry.folder);
  if (added.length > 0) return { path, kept: { path: aside, added } };
  if (wasThere) await Deno.remove(aside, { recursive: true });
  return { path, kept: null };
}

/** Prefix of folders with files that hale did not install. hale never removes them. */
const KEPT_PREFIX = ".kept-";

/** Prefix of folders that were moved aside to be deleted. */
export const OLD_PREFIX = ".old-";
const NEW = ".new-";

/**
 * Creates a folder in which an artifact is assembled.
 *
 * @param entry The release. The caller holds its lock.
 * @returns The folder's path.
 */
export async function makeArtifactFolder(entry: CacheEntry): Promise<string> {
  const folder = join(entry.folder, `${NEW}${crypto.randomUUID()}`);
  await Deno.mkdir(folder, { recursive: true, mode: 0o755 });
  return folder;
}

/**
 * Removes the unfinished folders of killed processes.
 *
 * @param entry The release. The caller holds its lock.
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
  const urls = installed.map(({ record }) => record?.url ?? "an unknown URL").join(", ");
  return wanted.sha256 === null
    ? `the cached artifacts come from other URLs: ${urls}`
    : `no cached artifact has the SHA-256 ${wanted.sha256}; cached are artifacts from ${urls}`;
}

/** Sets the record's modification time, which is the time of the last use: one system call. */
function markUsed(folder: string): void {
  const now = new Date();
  try {
    Deno.utimeSync(recordPath(folder), now, now);
  } catch {
    // A read-only cache can still be used.
  }
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
