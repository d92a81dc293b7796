import { concat } from "@std/bytes/concat";
import { HaleError } from "../../errors.ts";
import type { EngineSpec } from "../../model/service_spec.ts";
import { type Target, targetName } from "../../model/target.ts";
import { Deadline } from "../download/deadline.ts";
import { shownUrl } from "../../text/redact_url.ts";
import { downloadFailed } from "../download/download_failed.ts";
import { expectedChecksum } from "../release/expected_checksum.ts";
import { fetchChecksum } from "../release/fetch_checksum.ts";
import { checkBeginning } from "./check_beginning.ts";
import { type InstallOptions, installRelease } from "./install.ts";
import { PROGRAM_HEAD_BYTES } from "../executable/program_format.ts";
import type { LockedArtifact } from "../release/lockfile.ts";
import type { NetworkOptions } from "../download/network_options.ts";
import { openUrl } from "../download/open_url.ts";
import { type ReleaseArtifact, releaseArtifact } from "../release/release.ts";
import { releaseSource } from "../release/release_source.ts";
import { withRetries } from "../download/retry.ts";
import { sha256 } from "../../files/sha256.ts";

/** Options of the lookup. */
export type LockReleaseOptions = Pick<
  InstallOptions,
  | "target"
  | "locked"
  | "token"
  | "allowRelease"
  | "signal"
  | "totalTimeoutMs"
  | "idleTimeoutMs"
  | "retry"
>;

/** What is released for a target. */
export type LockedRelease =
  | { readonly kind: "released"; readonly artifact: LockedArtifact }
  /** Nothing; `detail` is the reason. */
  | { readonly kind: "unreleased"; readonly detail: string };

/**
 * Looks up the entry of `hale.lock` for an engine on any target. Nothing is installed. An archive is
 * downloaded and tried, because `bin` may be wrong for its target. Any other artifact is downloaded only
 * if its size or its checksum is not published.
 *
 * @param engine The engine.
 * @param options The target and the limits.
 * @returns The artifact, or the reason why there is none.
 * @throws {HaleError} `binary_unavailable` If the archive does not contain the executable.
 * @throws {HaleError} `checksum_mismatch`, `download_failed` or `network_denied` If the lookup fails.
 */
export async function lockRelease(
  engine: EngineSpec,
  options: LockReleaseOptions,
): Promise<LockedRelease> {
  const { target, locked = null, totalTimeoutMs = 30 * 60_000 } = options;
  if (locked !== null) return { kind: "released", artifact: locked };
  try {
    const artifact = releaseArtifact(engine, target);
    options.allowRelease?.(releaseSource(engine, artifact, expectedChecksum(artifact, null)));
    const tried = artifact.bin === null ? null : await tryArchive(engine, options);
    if (tried !== null) return { kind: "released", artifact: tried };
    using deadline = new Deadline(
      totalTimeoutMs,
      () => downloadFailed(artifact.url, `it took longer than ${totalTimeoutMs / 1000} seconds`),
      options.signal,
    );
    const known = await lookUp(artifact, networkOptions(options, deadline));
    const { name, version } = engine;
    const url = shownUrl(artifact.url);
    return {
      kind: "released",
      artifact: { name, version, target: targetName(target), url, ...known },
    };
  } catch (error) {
    const detail = whyUnreleased(error, target);
    if (detail === null) throw error;
    return { kind: "unreleased", detail };
  }
}

/**
 * Installs an archive into a temporary folder.
 *
 * @returns The artifact; null if the files of the target cannot be written here, such as symbolic links
 * on Windows, or names that differ in case only.
 */
async function tryArchive(
  engine: EngineSpec,
  options: LockReleaseOptions,
): Promise<LockedArtifact | null> {
  const cacheDir = await Deno.makeTempDir({ prefix: "hale-" });
  try {
    return (await installRelease(engine, { ...options, cacheDir })).artifact;
  } catch (error) {
    if (error instanceof HaleError && error.code === "store_io") return null;
    throw error;
  } finally {
    await Deno.remove(cacheDir, { recursive: true });
  }
}

async function lookUp(
  artifact: ReleaseArtifact,
  options: NetworkOptions,
): Promise<{ readonly size: number; readonly sha256: string }> {
  const expected = artifact.sha256 ??
    (artifact.checksumsUrls.length === 0 ? null : (await fetchChecksum(artifact, options)).sha256);
  const found = await withRetries(() => measure(artifact, expected, options), () => 0, options);
  if (expected === null || found.sha256 === expected) return found;
  throw new HaleError(
    "checksum_mismatch",
    `${shownUrl(artifact.url)} has the wrong checksum. Expected SHA-256 ${expected}, received ` +
      `${found.sha256}. hale.lock was not changed. Try again. If it fails again, do not trust this ` +
      "releases endpoint.",
    { fields: { artifact: artifact.asset, expected, received: found.sha256 } },
  );
}

/** Returns size and checksum: from the response's header if that is enough, else from the body. */
async function measure(
  { url, packing }: ReleaseArtifact,
  expected: string | null,
  options: NetworkOptions,
): Promise<{ readonly size: number; readonly sha256: string }> {
  await using opened = await openUrl(url, options);
  if (opened.size !== null && expected !== null) return { size: opened.size, sha256: expected };
  const hash = await sha256();
  let size = 0;
  let head = new Uint8Array();
  for await (const chunk of opened.chunks) {
    options.signal.throwIfAborted();
    hash.update(chunk);
    if (head.length < PROGRAM_HEAD_BYTES) {
      head = concat([head, chunk.subarray(0, PROGRAM_HEAD_BYTES - head.length)]);
    }
    size += chunk.length;
  }
  if (expected === null) checkBeginning(url, head, packing);
  return { size, sha256: hash.digest("hex") };
}

function networkOptions(options: LockReleaseOptions, deadline: Deadline): NetworkOptions {
  const { token = null, idleTimeoutMs, retry } = options;
  return {
    signal: deadline.signal,
    leftMs: () => deadline.leftMs,
    token,
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(retry === undefined ? {} : { retry }),
  };
}

/**
 * Returns why nothing is released for a target; null if the error has another cause. Only a missing
 * release may be skipped: a vendor need not release for every target.
 */
function whyUnreleased(error: unknown, target: Target): string | null {
  if (!(error instanceof HaleError)) return null;
  // The table `targets` does not have it, or the file does not exist.
  const isAbsent = error.fields.targets !== undefined || error.fields.absent === true;
  return isAbsent ? `${targetName(target)}: ${error.message.split("\n", 1)[0]}` : null;
}
