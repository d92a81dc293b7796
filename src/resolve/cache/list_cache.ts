import { join } from "../../platform/path.ts";
import { type InstalledArtifact, installedArtifacts, READ_CACHE } from "./cache.ts";
import { type CacheRecord, recordPath } from "./cache_record.ts";
import { foldersIn } from "../../files/list_folder.ts";

/** One artifact in the cache. */
export interface CachedArtifact extends InstalledArtifact {
  /** Bytes of the installed files, as recorded; 0 without a record. */
  readonly size: number;
  /** Time of the last use; null without a record. */
  readonly lastUsed: Date | null;
}

/** A release in the cache, for one target. */
export interface CachedRelease {
  /** Holds the folders of the artifacts. */
  readonly folder: string;
  /** Lock file of the writers. */
  readonly lock: string;
  readonly artifacts: readonly CachedArtifact[];
}

/**
 * Lists the releases in a cache.
 *
 * @param cacheDir The cache's folder.
 * @returns The releases, sorted by folder; empty if there is no cache.
 * @throws {HaleError} `store_io` If it cannot be read.
 */
export async function listCache(cacheDir: string): Promise<readonly CachedRelease[]> {
  const releases: CachedRelease[] = [];
  for (const name of foldersIn(cacheDir, READ_CACHE)) {
    for (const version of foldersIn(join(cacheDir, name), READ_CACHE)) {
      for (const target of foldersIn(join(cacheDir, name, version), READ_CACHE)) {
        const folder = join(cacheDir, name, version, target);
        const artifacts = installedArtifacts(folder);
        releases.push({
          folder,
          lock: `${folder}.lock`,
          artifacts: await Promise.all(artifacts.map(describe)),
        });
      }
    }
  }
  return releases;
}

async function describe(artifact: InstalledArtifact): Promise<CachedArtifact> {
  const { folder, record } = artifact;
  if (record === null) return { ...artifact, size: 0, lastUsed: null };
  const { mtime } = await Deno.stat(recordPath(folder));
  return { ...artifact, size: sizeOf(record), lastUsed: mtime ?? new Date(record.at) };
}

function sizeOf({ size, files }: CacheRecord): number {
  return files.reduce((sum, file) => sum + file.size, size);
}
