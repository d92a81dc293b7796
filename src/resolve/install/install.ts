import { resolve as absolutePath, toFileUrl } from "../../platform/path.ts";
import { HaleError } from "../../errors.ts";
import type { EngineSpec } from "../../model/service_spec.ts";
import { type Target, targetName } from "../../model/target.ts";
import { lockFile } from "../../platform/file_lock.ts";
import { checkSideload, missingHash } from "./sideload.ts";
import { cachedExecutable, removeUnfinished } from "../cache/cache.ts";
import { type CacheEntry, cacheEntry, executablePath } from "../cache/cache_entry.ts";
import { Deadline } from "../download/deadline.ts";
import { download, type DownloadSource } from "../download/download.ts";
import { shownUrl } from "../../text/redact_url.ts";
import { downloadFailed } from "../download/download_failed.ts";
import {
  type ExpectedChecksum,
  expectedChecksum,
  firstSeen,
} from "../release/expected_checksum.ts";
import { fetchChecksum } from "../release/fetch_checksum.ts";
import { installArtifact } from "./install_artifact.ts";
import { installError } from "./install_error.ts";
import type { LockedArtifact } from "../release/lockfile.ts";
import type { NetworkOptions } from "../download/network_options.ts";
import { PartialFile } from "../download/partial_file.ts";
import { type ReleaseArtifact, releaseArtifact } from "../release/release.ts";
import { type ReleaseSource, releaseSource } from "../release/release_source.ts";
import type { DownloadProgress } from "../download/download_progress.ts";
import type { RetryPolicy } from "../download/retry.ts";

/** How to install. */
export interface InstallOptions {
  /** The machine that the executable is for. */
  readonly target: Target;
  /** The cache's folder; created where it is not there. */
  readonly cacheDir: string;
  /** What `hale.lock` says of the artifact; null where it says nothing. @default null */
  readonly locked?: LockedArtifact | null;
  /** A file that is brought in by hand in place of the download. */
  readonly file?: {
    readonly path: string;
    /** The checksum that the person names, lower-case hex; null where they name none. */
    readonly sha256: string | null;
  };
  /** Read what is in the cache, whatever a look tells. @default false */
  readonly verify?: boolean;
  /** GitHub's token; sent to GitHub alone. */
  readonly token?: string | null;
  /** Asked before anything is connected to or read; throws where the source must not be used. */
  readonly allowRelease?: (source: ReleaseSource) => void;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Ends it. What has come is kept for the next time, if the server lets it go on there. */
  readonly signal?: AbortSignal;
  /** Longest time for everything, in milliseconds. @default 1800000 */
  readonly totalTimeoutMs?: number;
  /** Longest silence of the server, in milliseconds. @default 30000 */
  readonly idleTimeoutMs?: number;
  /** When a transfer that broke off is tried again. */
  readonly retry?: Partial<RetryPolicy>;
}

/** An executable that is in the cache. */
export interface Installed {
  /** Absolute path of the executable. */
  readonly path: string;
  /** Of the executable, lower-case hex. */
  readonly sha256: string;
  /** `cache` where it was there already, or another process was quicker. */
  readonly from: "cache" | "download" | "file";
  /** The artifact that it came from. */
  readonly artifact: LockedArtifact;
}

/**
 * Gets an engine's executable into the cache: by a download, unless it is there. Of several
 * processes that want the same one at once, one downloads and the others use what it got.
 *
 * @param engine The engine. Its `auto_download` is not asked: the caller wants this.
 * @param options Where to, what it must be, and what ends it.
 * @returns The executable.
 * @throws {HaleError} `binary_unavailable` If nothing is released for the target, or the archive
 * cannot be used.
 * @throws {HaleError} `checksum_mismatch` If other bytes came than were released.
 * @throws {HaleError} `download_failed` If the release cannot be had.
 * @throws {HaleError} `network_denied` If this program was not given the host.
 * @throws {HaleError} `store_io` If the cache cannot be written.
 * @throws {HaleError} `usage` If the file that is brought in is none, or nobody names its checksum.
 * @throws {HaleError} `interrupted` If the signal fires.
 */
export async function installRelease(
  engine: EngineSpec,
  options: InstallOptions,
): Promise<Installed> {
  const { totalTimeoutMs = 30 * 60_000, signal } = options;
  const artifact = releaseArtifact(engine, options.target);
  const expected = expectedChecksum(artifact, options.locked ?? null);
  options.allowRelease?.(releaseSource(engine, artifact, expected));
  if (options.file !== undefined) checkSideload(options.file.path);
  const entry = cacheEntry(options.cacheDir, engine, options.target);
  using deadline = new Deadline(
    totalTimeoutMs,
    () => downloadFailed(artifact.url, `it took longer than ${totalTimeoutMs / 1000} seconds`),
    signal,
  );
  const job: Job = { engine, artifact, expected, entry, options, deadline };
  try {
    await Deno.mkdir(entry.folder, { recursive: true, mode: 0o700 });
    using _lock = await lockFile(entry.lock, {
      signal: deadline.signal,
      onWait: () => tell(job, "waiting"),
    });
    return await installLocked(job);
  } catch (error) {
    throw installError(error, job);
  }
}

/** One installation. */
interface Job {
  readonly engine: EngineSpec;
  readonly artifact: ReleaseArtifact;
  readonly expected: ExpectedChecksum | null;
  readonly entry: CacheEntry;
  readonly options: InstallOptions;
  readonly deadline: Deadline;
}

async function installLocked(job: Job): Promise<Installed> {
  const { engine, artifact, entry, options, deadline } = job;
  const { signal } = deadline;
  const executable = executablePath(engine, artifact, options.target);
  const expected = withNamed(job);
  const cached = await cachedExecutable(
    entry,
    { sha256: expected?.sha256 ?? null, url: shownUrl(artifact.url), executable },
    { verify: options.verify ?? false, signal },
  );
  if (cached.kind === "ready") {
    const { path, record } = cached;
    return { path, sha256: record.sha256, from: "cache", artifact: lockedArtifact(job, record) };
  }
  await removeUnfinished(entry);
  const source = await sourceOf(
    job,
    expected ?? firstSeen(artifact, cached.kind === "damaged" ? cached.record : null),
  );
  const downloaded = await download(source, entry.partial, {
    ...networkOptions(job),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  if (artifact.packing !== "plain") tell(job, "unpacking");
  try {
    const installed = await installArtifact(entry, {
      engine,
      artifact,
      executable,
      target: options.target,
      from: options.file === undefined ? null : absolutePath(options.file.path),
      downloaded,
      signal,
    });
    return {
      ...installed,
      from: options.file === undefined ? "download" : "file",
      artifact: lockedArtifact(job, { artifact: downloaded }),
    };
  } finally {
    // Moved away where all went well.
    PartialFile.remove(entry.partial);
  }
}

/** What the person names beside a file counts as much as what is written down. */
function withNamed({ engine, expected, options }: Job): ExpectedChecksum | null {
  const named = options.file?.sha256 ?? null;
  if (named === null) return expected;
  if (expected === null) {
    return { sha256: named, size: null, source: "the command line", remedy: "correct --sha256" };
  }
  if (expected.sha256 === named) return expected;
  throw new HaleError(
    "checksum_mismatch",
    `${engine.name} ${engine.version} should have the SHA-256 ${expected.sha256} (as ` +
      `${expected.source} says), but ${named} was named. Nothing was installed. Name the file of ` +
      "this version, or correct what is written down.",
    { fields: { expected: expected.sha256, named } },
  );
}

/** What is to be fetched, and the checksum that it must have. */
async function sourceOf(job: Job, expected: ExpectedChecksum | null): Promise<DownloadSource> {
  const { artifact, options } = job;
  const { asset } = artifact;
  const file = options.file === undefined ? null : toFileUrl(absolutePath(options.file.path));
  const advice = adviceFor(job, expected);
  const source = { asset, url: file?.href ?? artifact.url, advice };
  if (expected !== null) {
    const { sha256, size } = expected;
    return { ...source, sha256, size, sha256Source: expected.source };
  }
  if (artifact.checksumsUrls.length === 0) {
    return { ...source, sha256: null, sha256Source: "nobody", size: null };
  }
  // By hand there is no network: the checksums, too, are expected beside the file.
  const checksumsUrls = file === null
    ? artifact.checksumsUrls
    : [`${file.href}.sha256`, new URL("SHA256SUMS", file).href];
  const published = await fetchChecksum({ ...artifact, checksumsUrls }, networkOptions(job))
    .catch((error) => {
      throw options.file !== undefined && error instanceof HaleError &&
          error.fields.absent === true
        ? missingHash(options.file.path, error)
        : error;
    });
  return { ...source, sha256: published.sha256, sha256Source: published.source, size: null };
}

function adviceFor(
  { engine: { name, version }, options }: Job,
  expected: ExpectedChecksum | null,
): string {
  if (options.file !== undefined) {
    return `Bring in the file of ${name} ${version} for ${targetName(options.target)}.`;
  }
  return expected === null
    ? "Try again; if it stays so, do not trust this releases endpoint."
    : `Try again. If the vendor has replaced this release on purpose, ${expected.remedy}; ` +
      "else do not trust this releases endpoint.";
}

function networkOptions({ options, artifact, deadline }: Job): NetworkOptions {
  const { idleTimeoutMs, token = null, retry } = options;
  return {
    signal: deadline.signal,
    leftMs: () => deadline.leftMs,
    token,
    onRetry: (error, pauseMs) => {
      const seconds = (pauseMs / 1000).toFixed(1);
      const reason = String(error.fields.reason ?? error.message);
      tell({ options, artifact }, "retrying", `${reason}; trying again in ${seconds} s`);
    },
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(retry === undefined ? {} : { retry }),
  };
}

function tell(
  { artifact, options }: Pick<Job, "artifact" | "options">,
  phase: "waiting" | "retrying" | "unpacking",
  detail?: string,
): void {
  options.onProgress?.({
    phase,
    asset: artifact.asset,
    url: shownUrl(artifact.url),
    received: 0,
    total: null,
    startedAt: performance.now(),
    startedWith: 0,
    ...(detail === undefined ? {} : { detail }),
  });
}

function lockedArtifact(
  { engine, artifact, options }: Job,
  found: { readonly artifact: { readonly sha256: string; readonly size: number } },
): LockedArtifact {
  return options.locked ?? {
    name: engine.name,
    version: engine.version,
    target: targetName(options.target),
    url: shownUrl(artifact.url),
    size: found.artifact.size,
    sha256: found.artifact.sha256,
  };
}
