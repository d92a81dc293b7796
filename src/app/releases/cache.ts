/**
 * Looking after the cache of executables.
 *
 * @module
 */

import { pruneCandidates, type PruneRule } from "../../resolve/cache/prune_candidates.ts";
import { artifactProblem } from "../../resolve/cache/check_artifact.ts";
import { type CachedRelease, listCache } from "../../resolve/cache/list_cache.ts";
import { removeArtifacts } from "../../resolve/cache/remove_artifact.ts";
import { runtimePaths } from "../../home/home_paths.ts";
import { listRuntimes } from "../../store/runtime/list_runtimes.ts";
import { readServices } from "../../store/runtime/read_services.ts";
import type { AppContext } from "../context.ts";
import { basename, dirname, join } from "../../platform/path.ts";

/** One artifact in the cache, as commands show it. */
export interface CacheItem {
  /** Of the program. */
  readonly name: string;
  readonly version: string;
  /** Such as `linux-amd64`. */
  readonly target: string;
  /** Absolute path of the executable. */
  readonly path: string;
  /** Bytes of all its files. */
  readonly size: number;
  /** Of the executable; null where it has no record. */
  readonly sha256: string | null;
  /** Of the file that the vendor publishes. */
  readonly artifact_sha256: string | null;
  /** Where that is published. */
  readonly url: string | null;
  /** The file that was brought in by hand in its place. */
  readonly from: string | null;
  /** ISO 8601 time of the installation. */
  readonly at: string | null;
  /** ISO 8601 time of the last use. */
  readonly last_used: string | null;
  /** Whether a service of this home runs from it, or is to. */
  readonly in_use: boolean;
}

/** An item, with what a close look at it has shown. */
export interface VerifiedItem extends CacheItem {
  /** Why it must not be run; null where it is as it was installed. */
  readonly problem: string | null;
}

/** What {@linkcode pruneCache} did. */
export interface PruneResult {
  /** What is gone, or would be. */
  readonly removed: readonly CacheItem[];
  /** What stays. */
  readonly kept: readonly CacheItem[];
  /** Bytes that are free now. */
  readonly freed: number;
}

/**
 * Everything in the cache.
 *
 * @param context Where hale works.
 * @returns In the order of names, versions and targets.
 * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If it cannot be told what is in
 * use, or the cache cannot be read.
 */
export async function cacheItems(context: AppContext): Promise<readonly CacheItem[]> {
  return (await look(context)).map(({ item }) => item);
}

/**
 * Reads everything in the cache, and compares it with what was installed.
 *
 * @param context Where hale works.
 * @param signal Ends the reading.
 * @returns As {@linkcode cacheItems}, with what is wrong.
 */
export async function verifyCache(
  context: AppContext,
  signal: AbortSignal,
): Promise<readonly VerifiedItem[]> {
  const verified: VerifiedItem[] = [];
  for (const { item, folder, artifact: { record } } of await look(context)) {
    const problem = record === null
      ? "it has no record of where it came from"
      : await artifactProblem(folder, record, { verify: true, signal });
    verified.push({ ...item, problem });
  }
  return verified;
}

/**
 * Removes what is not used any more. Nothing that a service of this home runs from, or is to.
 *
 * @param context Where hale works.
 * @param rule What may go; `dryRun`: only say what would.
 * @returns What was removed.
 * @throws {HaleError} As {@linkcode cacheItems}: then nothing is removed.
 */
export async function pruneCache(
  context: AppContext,
  { dryRun, ...rule }: PruneRule & { readonly dryRun: boolean },
): Promise<PruneResult> {
  const found = await look(context);
  const candidates = found.map((one) => ({
    ...one,
    kind: `${one.item.name} ${one.item.target}`,
    // What has no record is of no use to anybody.
    lastUsed: one.artifact.lastUsed?.getTime() ?? 0,
    inUse: one.item.in_use,
  }));
  const chosen = pruneCandidates(candidates, rule, Date.now());
  const gone = new Set<string>();
  for (const [release, some] of Map.groupBy(chosen, ({ release }) => release)) {
    const folders = some.map(({ folder }) => folder);
    if (!dryRun && !await removeArtifacts(release, folders)) continue;
    for (const folder of folders) gone.add(folder);
  }
  const removed = found.filter(({ folder }) => gone.has(folder)).map(({ item }) => item);
  return {
    removed,
    kept: found.filter(({ folder }) => !gone.has(folder)).map(({ item }) => item),
    freed: removed.reduce((sum, { size }) => sum + size, 0),
  };
}

interface Found {
  readonly item: CacheItem;
  readonly folder: string;
  readonly release: CachedRelease;
  readonly artifact: CachedRelease["artifacts"][number];
}

async function look(context: AppContext): Promise<readonly Found[]> {
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
  };
}

/** A runtime that cannot be read may use anything: better to say so than to remove it. */
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
