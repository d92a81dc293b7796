import { resolve as absolutePath, toFileUrl } from "../../platform/path.ts";
import { HaleError } from "../../errors.ts";
import type { EngineSpec } from "../../model/service_spec.ts";
import { type Target, targetName } from "../../model/target.ts";
import { lockFile } from "../../platform/file_lock.ts";
import { checkSideload, missingHash } from "./sideload.ts";
import { cachedExecutable, type KeptFolder, removeUnfinished } from "../cache/cache.ts";
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
import { filesAdded, installError } from "./install_error.ts";
import type { LockedArtifact } from "../release/lockfile.ts";
import type { NetworkOptions } from "../download/network_options.ts";
import { PartialFile } from "../download/partial_file.ts";
import { type ReleaseArtifact, releaseArtifact } from "../release/release.ts";
import { type ReleaseSource, releaseSource } from "../release/release_source.ts";
import type { DownloadProgress } from "../download/download_progress.ts";
import type { RetryPolicy } from "../download/retry.ts";

/** Options of an installation. */
export interface InstallOptions {
  /** The target of the executable. */
  readonly target: Target;
  /** The cache's folder; created if it does not exist. */
  readonly cacheDir: string;
  /** The artifact in `hale.lock`; null if it has none. @default null */
  readonly locked?: LockedArtifact | null;
  /** A local file to install instead of a download. */
  readonly file?: {
    readonly path: string;
    /** The checksum given by the user, lower-case hex; null if none was given. */
    readonly sha256: string | null;
  };
  /** Hash cached files again before they are used. @default false */
  readonly verify?: boolean;
  /** GitHub token; sent only to GitHub. */
  readonly token?: string | null;
  /** Called before any connection or read; throws if the source is forbidden. */
  readonly allowRelease?: (source: ReleaseSource) => void;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Called if an artifact was set aside for files that hale did not install; else it is an error. */
  readonly onKept?: (kept: KeptFolder) => void;
  /** Aborts the installation. Received bytes are kept if the server supports resuming. */
  readonly signal?: AbortSignal;
  /** Time limit for the whole installation, in milliseconds. @default 1800000 */
  readonly totalTimeoutMs?: number;
  /** Time limit without a byte from the server, in milliseconds. @default 30000 */
  readonly idleTimeoutMs?: number;
  /** When a broken transfer is retried. */
  readonly retry?: Partial<RetryPolicy>;
}

/** An executable in the cache. */
export interface Installed {
  /** Absolute path of the executable. */
  readonly path: string;
  /** Checksum of the executable, lower-case hex. */
  readonly sha256: string;
  /** `cache` if it was installed before, or by another process meanwhile. */
  readonly from: "cache" | "download" | "file";
  /**
   * Whether its checksum was not known before (`checksums = "none"`): these bytes are the ones that
   * `hale.lock` pins from now on.
   */
  readonly pinned: boolean;
  /** The artifact that contains it. */
  readonly artifact: LockedArtifact;
}

/**
 * Installs an engine's executable into the cache unless it is there. If several processes install
 * the same release at once, one downloads it and the others use the result.
 *
 * @param engine The engine. `auto_download` is ignored.
 * @param options Target, cache, checksum and limits.
 * @returns The executable.
 * @throws {HaleError} `binary_unavailable` If nothing is released for the target, or the archive
 * cannot be used.
 * @throws {HaleError} `checksum_mismatch` If the received bytes have the wrong checksum, or files were
 * added to the cached artifact and there is no `onKept`.
 * @throws {HaleError} `download_failed` If the download fails.
 * @throws {HaleError} `network_denied` If this program may not connect to the host.
 * @throws {HaleError} `store_io` If the cache cannot be written.
 * @throws {HaleError} `usage` If the local file does not exist or its checksum is not known.
 * @throws {HaleError} `interrupted` If the signal is aborted.
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
      onWait: () => reportPhase(job, "waiting"),
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
  const { engine, artifact, entry, options, deadline: { signal } } = job;
  const executable = executablePath(engine, artifact, options.target);
  const expected = withGivenChecksum(job);
  const cached = await cachedExecutable(
    entry,
    {
      sha256: expected?.sha256 ?? null,
      url: shownUrl(artifact.url),
      executable,
      packing: artifact.packing,
    },
    { verify: options.verify ?? false, signal },
  );
  if (cached.kind === "ready") {
    const { path, record } = cached;
    const artifact = lockedArtifact(job, record);
    return { path, sha256: record.sha256, from: "cache", pinned: false, artifact };
  }
  if (cached.kind === "damaged" && cached.added.length > 0 && options.onKept === undefined) {
    throw filesAdded(engine, cached);
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
  if (artifact.packing !== "plain") reportPhase(job, "unpacking");
  try {
    const { kept, ...installed } = await installArtifact(entry, {
      engine,
      artifact,
      executable,
      target: options.target,
      from: options.file === undefined ? null : absolutePath(options.file.path),
      downloaded,
      verified: source.sha256 !== null,
      signal,
    });
    if (kept !== null) options.onKept?.(kept);
    return {
      ...installed,
      from: options.file === undefined ? "download" : "file",
      pinned: source.sha256 === null,
      artifact: lockedArtifact(job, { artifact: downloaded }),
    };
  } finally {
    // After a success the file was moved or unpacked.
    PartialFile.remove(entry.partial);
  }
}

/** The checksum given with `--sha256` must agree with the pinned one. */
function withGivenChecksum({ engine, expected, options }: Job): ExpectedChecksum | null {
  const given = options.file?.sha256 ?? null;
  if (given === null) return expected;
  if (expected === null) {
    return { sha256: given, size: null, source: "--sha256", remedy: "correct --sha256" };
  }
  if (expected.sha256 === given) return expected;
  throw new HaleError(
    "checksum_mismatch",
    `Two checksums for ${engine.name} ${engine.version}: --sha256 is ${given}, but ` +
      `${expected.source} has ${expected.sha256}. Nothing was installed. Install the file of this ` +
      `version, or ${expected.remedy}.`,
    { fields: { expected: expected.sha256, named: given } },
  );
}

/** Returns what to download and the checksum that it must have. */
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
    return { ...source, sha256: null, sha256Source: "", size: null };
  }
  // A local file is installed without a network: its checksums are expected beside it.
  const checksumsUrls = file === null
    ? artifact.checksumsUrls
    : [`${file.href}.sha256`, new URL("SHA256SUMS", file).href];
  const { url } = source;
  const published = await fetchChecksum({ ...artifact, url, checksumsUrls }, networkOptions(job))
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
    return `Check that it is the file of ${name} ${version} for ${
      targetName(options.target)
    }, and ` +
      "that it was copied completely.";
  }
  return expected === null
    ? "Try again. If it fails again, do not trust this releases endpoint."
    : `Try again. If the vendor has replaced this release on purpose, ${expected.remedy}; ` +
      "otherwise do not trust this releases endpoint.";
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
      reportPhase({ options, artifact }, "retrying", `${reason}; retrying in ${seconds} s`);
    },
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(retry === undefined ? {} : { retry }),
  };
}

function reportPhase(
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
