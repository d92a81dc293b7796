import { HaleError } from "../../errors.ts";
import type { EngineSpec } from "../../model/service_spec.ts";
import { type Target, targetName } from "../../model/target.ts";
import { Deadline } from "../download/deadline.ts";
import { shownUrl } from "../../text/redact_url.ts";
import { downloadFailed } from "../download/download_failed.ts";
import { expectedChecksum } from "../release/expected_checksum.ts";
import { fetchChecksum } from "../release/fetch_checksum.ts";
import type { InstallOptions } from "./install.ts";
import type { LockedArtifact } from "../release/lockfile.ts";
import type { NetworkOptions } from "../download/network_options.ts";
import { openUrl } from "../download/open_url.ts";
import { type ReleaseArtifact, releaseArtifact } from "../release/release.ts";
import { releaseSource } from "../release/release_source.ts";
import { withRetries } from "../download/retry.ts";
import { sha256 } from "../../files/sha256.ts";

/** How to look a release up. */
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

/** What is released for a machine. */
export type LockedRelease =
  | { readonly kind: "released"; readonly artifact: LockedArtifact }
  /** Nothing, and why that is known. */
  | { readonly kind: "unreleased"; readonly detail: string };

/**
 * Finds out what `hale.lock` has to say of an engine on a machine that need not be this one. The
 * artifact itself is fetched only where nobody says how long it is, or what its checksum is; nothing
 * is installed.
 *
 * @param engine The engine.
 * @param options For which machine, and what ends it.
 * @returns The artifact, or that there is none.
 * @throws {HaleError} `checksum_mismatch`, `download_failed` or `network_denied` If that cannot be
 * found out.
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

async function lookUp(
  artifact: ReleaseArtifact,
  options: NetworkOptions,
): Promise<{ readonly size: number; readonly sha256: string }> {
  const expected = artifact.sha256 ??
    (artifact.checksumsUrls.length === 0 ? null : (await fetchChecksum(artifact, options)).sha256);
  const look = () => lookAt(artifact, expected, options);
  const found = await withRetries(look, () => 0, options);
  if (expected === null || found.sha256 === expected) return found;
  throw new HaleError(
    "checksum_mismatch",
    `${artifact.asset} is not what was released: its SHA-256 should be ${expected}, but what ` +
      `came from ${shownUrl(artifact.url)} has ${found.sha256}. It is not put into hale.lock.`,
    { fields: { artifact: artifact.asset, expected, received: found.sha256 } },
  );
}

/** Its length by the head of the answer where that is enough, else by all of it. */
async function lookAt(
  { url }: ReleaseArtifact,
  expected: string | null,
  options: NetworkOptions,
): Promise<{ readonly size: number; readonly sha256: string }> {
  await using opened = await openUrl(url, options);
  if (opened.size !== null && expected !== null) return { size: opened.size, sha256: expected };
  const hash = await sha256();
  let size = 0;
  for await (const chunk of opened.chunks) {
    options.signal.throwIfAborted();
    hash.update(chunk);
    size += chunk.length;
  }
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

/** A vendor need not release for every machine; any other failure must not be taken for that. */
function whyUnreleased(error: unknown, target: Target): string | null {
  if (!(error instanceof HaleError)) return null;
  const isAbsent = error.code === "binary_unavailable" || error.fields.absent === true;
  return isAbsent ? `${targetName(target)}: ${error.message.split("\n", 1)[0]}` : null;
}
