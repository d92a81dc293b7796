import { join } from "../platform/path.ts";
import { HaleError, messageOf } from "../errors.ts";
import type { EngineSpec } from "../model/service_spec.ts";
import { type Target, targetName } from "../model/target.ts";
import { makeExecutable } from "../platform/mod.ts";
import { cachedExecutable, storeExecutable } from "./cache.ts";
import { type CacheEntry, cacheEntry } from "./cache_entry.ts";
import { Deadline } from "./deadline.ts";
import { download } from "./download.ts";
import { downloadFailed, shownUrl } from "./download_failed.ts";
import { fetchChecksum } from "./fetch_checksum.ts";
import { withFileLock } from "./file_lock.ts";
import { type ReleaseArtifact, releaseArtifact } from "./release.ts";
import type { DownloadProgress } from "./resolution.ts";

/** How to install. */
export interface InstallOptions {
  /** The machine that the executable is for. */
  readonly target: Target;
  /** The cache's folder; created where it is not there. */
  readonly cacheDir: string;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Ends it; nothing half done is left. */
  readonly signal?: AbortSignal;
  /** Longest time for everything, in milliseconds. @default 1800000 */
  readonly totalTimeoutMs?: number;
  /** Longest silence of the server, in milliseconds. @default 30000 */
  readonly idleTimeoutMs?: number;
}

/** An executable that is in the cache. */
export interface Installed {
  /** Absolute path of the executable. */
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
  /** `cache` where it was there already, or another process was quicker. */
  readonly from: "cache" | "download";
  /** Where it is published. */
  readonly url: string;
}

/**
 * Gets an engine's executable into the cache: by a download, unless it is there. Of several
 * processes that want the same one at once, one downloads and the others use what it got.
 *
 * @param engine The engine. Its `auto_download` is not asked: the caller wants this.
 * @param options Where to, and what ends it.
 * @returns The executable.
 * @throws {HaleError} `binary_unavailable` If nothing is released for the target.
 * @throws {HaleError} `checksum_mismatch` If other bytes came than were released.
 * @throws {HaleError} `download_failed` If the release cannot be had.
 * @throws {HaleError} `network_denied` If this program was not given the host.
 * @throws {HaleError} `store_io` If the cache cannot be written.
 * @throws {HaleError} `interrupted` If the signal fires.
 */
export async function installRelease(
  engine: EngineSpec,
  options: InstallOptions,
): Promise<Installed> {
  const { cacheDir, onProgress, totalTimeoutMs = 30 * 60_000 } = options;
  const artifact = releaseArtifact(engine, options.target);
  refuseArchive(engine, artifact, options.target);
  const entry = cacheEntry(cacheDir, engine, options.target);
  using deadline = new Deadline(
    totalTimeoutMs,
    () => downloadFailed(artifact.url, `it took longer than ${totalTimeoutMs / 1000} seconds`),
    options.signal,
  );
  const { signal } = deadline;
  const startedAt = performance.now();
  try {
    await Deno.mkdir(entry.folder, { recursive: true });
    return await withFileLock(
      entry.lock,
      () => installLocked(artifact, entry, { ...options, signal }),
      {
        signal,
        onWait: () =>
          onProgress?.({
            phase: "waiting",
            asset: artifact.asset,
            url: shownUrl(artifact.url),
            received: 0,
            total: null,
            startedAt,
          }),
      },
    );
  } catch (error) {
    throw asHaleError(error, engine, cacheDir, options.signal);
  }
}

async function installLocked(
  artifact: ReleaseArtifact,
  entry: CacheEntry,
  options: InstallOptions & { readonly signal: AbortSignal },
): Promise<Installed> {
  const url = shownUrl(artifact.url);
  const cached = await cachedExecutable(entry);
  if (cached.kind === "ready") {
    return { path: cached.path, sha256: cached.sha256, from: "cache", url };
  }
  await removeLeftovers(entry.folder);
  const sha256 = await fetchChecksum(artifact, options);
  const temporary = join(entry.folder, TEMPORARY_PREFIX + crypto.randomUUID());
  await download(artifact, temporary, { ...options, sha256 });
  try {
    await makeExecutable(temporary);
    await storeExecutable(entry, temporary, { origin: url, sha256 });
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
  return { path: entry.executable, sha256, from: "download", url };
}

const TEMPORARY_PREFIX = ".download-";

/** Removes what killed downloads left. The caller holds the lock: nobody else downloads here. */
async function removeLeftovers(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (name.startsWith(TEMPORARY_PREFIX)) await Deno.remove(join(folder, name));
  }
}

function refuseArchive(engine: EngineSpec, artifact: ReleaseArtifact, target: Target): void {
  if (artifact.bin === null) return;
  throw new HaleError(
    "binary_unavailable",
    `${artifact.asset} is an archive, which this version of hale does not unpack. Unpack ` +
      `${artifact.bin} from ${artifact.url} yourself and set \`binary\` of ${engine.name} to it.`,
    { fields: { engine: engine.name, target: targetName(target), url: artifact.url } },
  );
}

function asHaleError(
  error: unknown,
  engine: EngineSpec,
  cacheDir: string,
  signal: AbortSignal | undefined,
): HaleError {
  if (error instanceof HaleError) return error;
  if (signal?.aborted) {
    return new HaleError(
      "interrupted",
      `The download of ${engine.name} ${engine.version} was interrupted; nothing was installed.`,
      { fields: { engine: engine.name, version: engine.version }, cause: error },
    );
  }
  return new HaleError(
    "store_io",
    `${engine.name} ${engine.version} could not be put into the cache ${cacheDir}: ` +
      `${messageOf(error)}. Make the folder writable, free space, or choose another home ` +
      "(--home, HALE_HOME).",
    { fields: { path: cacheDir }, cause: error },
  );
}
