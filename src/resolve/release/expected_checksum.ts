import { HaleError } from "../../errors.ts";
import type { CacheRecord } from "../cache/cache_record.ts";
import type { LockedArtifact } from "./lockfile.ts";
import type { ReleaseArtifact } from "./release.ts";

/** A checksum that was known before the download. */
export interface ExpectedChecksum {
  /** Lower-case hex. */
  readonly sha256: string;
  /** Size in bytes; null if it is not known. */
  readonly size: number | null;
  /** Where the checksum comes from, for people. */
  readonly source: string;
  /** How to accept other bytes on purpose, as the end of a sentence. */
  readonly remedy: string;
}

/**
 * Returns the pinned checksum, from hale.toml or hale.lock. It takes precedence over the checksums
 * that a server publishes.
 *
 * @param artifact The artifact in the configuration.
 * @param locked The artifact in `hale.lock`; null if it has none.
 * @returns The checksum; null if none is pinned.
 * @throws {HaleError} `config_invalid` If the two differ.
 */
export function expectedChecksum(
  artifact: Pick<ReleaseArtifact, "asset" | "sha256">,
  locked: LockedArtifact | null,
): ExpectedChecksum | null {
  const { asset, sha256 } = artifact;
  if (locked === null) {
    if (sha256 === null) return null;
    const remedy = "correct `release.sha256`";
    return { sha256, size: null, source: "release.sha256 in hale.toml", remedy };
  }
  if (sha256 !== null && sha256 !== locked.sha256) {
    throw new HaleError(
      "config_invalid",
      `Two checksums for ${asset} (${locked.name} ${locked.version}, ${locked.target}): hale.toml ` +
        `has SHA-256 ${sha256}, hale.lock has ${locked.sha256}. Correct \`release.sha256\`, or ` +
        "remove the entry from hale.lock.",
      { fields: { artifact: asset, config: sha256, lock: locked.sha256 } },
    );
  }
  return {
    sha256: locked.sha256,
    size: locked.size,
    source: "hale.lock",
    remedy: "remove its entry from hale.lock and run `hale fetch`",
  };
}

/**
 * Returns the checksum of the first download of an artifact without published checksums. It is
 * required for later downloads as long as the cache has the record.
 *
 * @param artifact The artifact.
 * @param record The cache's record of the first download; null if there is none.
 * @returns The checksum; null if there is none, or checksums are published.
 */
export function firstSeen(
  { checksumsUrls }: Pick<ReleaseArtifact, "checksumsUrls">,
  record: CacheRecord | null,
): ExpectedChecksum | null {
  if (checksumsUrls.length > 0 || record === null) return null;
  return {
    ...record.artifact,
    source: `the download of ${record.at.slice(0, 10)} in the cache`,
    remedy: "remove it from the cache with `hale cache prune --all`",
  };
}
