/**
 * Lists, verifies and prunes the cache of executables.
 *
 * @module
 */

import { pruneCandidates, type PruneRule } from "../../resolve/cache/prune_candidates.ts";
import { addedFiles } from "../../resolve/cache/compare_folder.ts";
import { checkArtifact } from "../../resolve/cache/check_artifact.ts";
import { assertCachePermissions } from "../../resolve/cache/cache_permissions.ts";
import { type CacheRecord, recordPath } from "../../resolve/cache/cache_record.ts";
import { type CachedRelease, listCache } from "../../resolve/cache/list_cache.ts";
import { removeArtifacts } from "../../resolve/cache/remove_artifact.ts";
import { runtimePaths } from "../../home/home_paths.ts";
import { unreadable } from "../../files/io_error.ts";
import { listRuntimes } from "../../store/runtime/list_runtimes.ts";
import { readServices } from "../../store/runtime/read_services.ts";
import type { AppContext } from "../context.ts";
import { basename, dirname, join } from "../../platform/path.ts";

/** An artifact in the cache, as commands show it. */
export interface CacheItem {
  /** Name of the program. */
  readonly name: string;
  readonly version: string;
  /** Such as `linux-amd64`. */
  readonly target: string;
  /** Absolute path of the executable. */
  readonly path: string;
  /** Size of all its files in bytes. */
  readonly size: number;
  /** Checksum of the executable; null without a record. */
  readonly sha256: string | null;
  /** Checksum of the file that the vendor publishes; null without a record. */
  readonly artifact_sha256: string | null;
  /** URL of the file that the vendor publishes; null without a record. */
  readonly url: string | null;
  /** The local file that was installed; null if it was downloaded. */
  readonly from: string | null;
  /** ISO 8601 time of the installation. */
  readonly at: string | null;
  /** ISO 8601 time of the last use. */
  readonly last_used: string | null;
  /** Whether a service of this home runs from it, or will. */
  readonly in_use: boolean;
  /** Files in its folder that hale did not install. It is not pruned. */
  readonly added: readonly string[];
}

/** An item with the result of its verification. */
export interface VerifiedItem extends CacheItem {
  /** Why it must not be run; null if it is unchanged. */
  readonly problem: string | null;
}

/** Result of {@linkcode pruneCache}. */
export interface PruneResult {
  /** What was removed or, in a dry run, would be. */
  readonly removed: readonly CacheItem[];
  /** What was kept. */
  readonly kept: readonly CacheItem[];
  /** Size of the removed items in bytes. */
  readonly freed: number;
}

/**
 * Lists the cache.
 *
 * @param context Home and environment.
 * @returns The items, sorted by name, version and target.
 * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If the cache, or the records of
 * what is in use, cannot be read.
 */
export async function cacheItems(context: AppContext): Promise<readonly CacheItem[]> {
  return (await readCache(context)).map(({ item }) => item);
}

/**
 * Hashes all files in the cache and compares them with what was installed.
 *
 * @param context Home and environment.
 * @param signal Aborts the hashing.
 * @returns As {@linkcode cacheItems}, with the problems.
 * @throws {HaleError} As {@linkcode cacheItems}; `unsafe_home` if another user could change a file.
 */
export async function verifyCache(
  context: AppContext,
  signal: AbortSignal,
): Promise<readonly VerifiedItem[]> {
  const verified: VerifiedItem[] = [];
  for (const { item, folder, artifact: { record } } of await readCache(context)) {
    assertCachePermissions(context.paths.cache, folder);
    verified.push({ ...item, problem: await problemOf(folder, record, signal) });
  }
  return verified;
}

async function problemOf(
  folder: string,
  record: CacheRecord | null,
  signal: AbortSignal,
): Promise<string | null> {
  if (record === null) return `its record ${recordPath(folder)} is missing or damaged`;
  const check = await checkArtifact(folder, record, { verify: true, signal });
  return check.kind === "changed" ? check.problem : null;
}

/**
 * Removes unused artifacts. Artifacts that a service of this home runs from, or will, are kept, and
 * those in whose folder a program has written.
 *
 * @param context Home and environment.
 * @param rule The limits; `dryRun`: only report what would be removed.
 * @returns The result.
 * @throws {HaleError} As {@linkcode cacheItems}; then nothing is removed.
 */
export async function pruneCache(
  context: AppContext,
  { dryRun, ...rule }: PruneRule & { readonly dryRun: boolean },
): Promise<PruneResult> {
  const found = await readCache(context);
  const candidates = found.map((one) => ({
    ...one,
    kind: `${one.item.name} ${one.item.target}`,
    // An artifact without a record cannot be used: it is the oldest.
    lastUsed: one.artifact.lastUsed?.getTime() ?? 0,
    inUse: one.item.in_use || one.item.added.length > 0,
  }));
  const chosen = pruneCandidates(candidates, rule, Date.now());
  const removedFolders = new Set<string>();
  for (const [release, some] of Map.groupBy(chosen, ({ release }) => release)) {
    const folders = some.map(({ folder }) => folder);
    if (!dryRun && !await removeArtifacts(release, folders)) continue;
    for (const folder of folders) removedFolders.add(folder);
  }
  const removed = found.filter(({ folder }) => removedFolders.has(folder)).map(({ item }) => item);
  return {
    removed,
    kept: found.filter(({ folder }) => !removedFolders.has(folder)).map(({ item }) => item),
    freed: removed.reduce((sum, { size }) => sum + size, 0),
  };
}

interface Found {
  readonly item: CacheItem;
  readonly folder: string;
  readonly release: CachedRelease;
  readonly artifact: CachedRelease["artifacts"][number];
}

async function readCache(context: AppContext): Promise<readonly Found[]> {
  const binaries = binariesInUse(context.home);
  return (await listCache(context.paths.cache)).flatMap((release) =>
    release.artifacts.map((artifact) => {
      const { folder } = artifact;
      const inUse = binaries.some((path) => path.startsWith(join(folder, "/")));
      return { item: describe(release, artifact, inUse), folder, release, artifact };
    })
  );
}

function describe(
  release: CachedRelease,
  { folder, record, size, lastUsed }: CachedRelease["artifacts"][number],
  inUse: boolean,
): CacheItem {
  const version = dirname(release.folder);
  return {
    name: record?.name ?? basename(dirname(version)),
    version: record?.version ?? basename(version),
    target: record?.target ?? basename(release.folder),
    path: record === null ? folder : join(folder, record.executable),
    size,
    sha256: record?.sha256 ?? null,
    artifact_sha256: record?.artifact.sha256 ?? null,
    url: record?.url ?? null,
    from: record?.from ?? null,
    at: record?.at ?? null,
    last_used: lastUsed?.toISOString() ?? null,
    in_use: inUse,
    added: addedTo(folder, record),
  };
}

function addedTo(folder: string, record: CacheRecord | null): readonly string[] {
  try {
    return addedFiles(folder, record);
  } catch (error) {
    throw unreadable("read the cache", folder, error);
  }
}

/** Throws for a runtime that cannot be read, because it may use any artifact. */
function binariesInUse(home: string): readonly string[] {
  return listRuntimes(home).flatMap((runtime) => {
    if (runtime.kind === "broken") throw runtime.error;
    return readServices(runtimePaths(home, runtime.runtimeId), runtime.runtimeId)
      .flatMap(({ binary, launch, desired }) => [
        ...(launch === null ? [] : [launch.binary]),
        ...(binary === null || desired === "stopped" ? [] : [binary]),
      ]);
  });
}
