import { HaleError } from "../../errors.ts";
import type { CacheRecord } from "../cache/cache_record.ts";
import type { LockedArtifact } from "./lockfile.ts";
import type { ReleaseArtifact } from "./release.ts";

/** A checksum that was known before anything was fetched. */
export interface ExpectedChecksum {
  /** Lower-case hex. */
  readonly sha256: string;
  /** Bytes, where they are known too. */
  readonly size: number | null;
  /** Who says so, for people. */
  readonly source: string;
  /** What a person does who wants other bytes, as the end of a sentence. */
  readonly remedy: string;
}

/**
 * The checksum that decides, whatever a server publishes: the configuration's, or that of
 * `hale.lock`.
 *
 * @param artifact What the configuration says.
 * @param locked What `hale.lock` says; null where it says nothing.
 * @returns The checksum; null where nobody has written one down.
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
    return { sha256, size: null, source: "release.sha256 of hale.toml", remedy };
  }
  if (sha256 !== null && sha256 !== locked.sha256) {
    throw new HaleError(
      "config_invalid",
      `hale.toml and hale.lock name different SHA-256 sums for ${asset} (${locked.name} ` +
        `${locked.version}, ${locked.target}): ${sha256} and ${locked.sha256}. Correct ` +
        "`release.sha256`, or remove the entry from hale.lock.",
      { fields: { artifact: asset, config: sha256, lock: locked.sha256 } },
    );
  }
  return {
    sha256: locked.sha256,
    size: locked.size,
    source: "hale.lock",
    remedy: "remove its entry from hale.lock and fetch it again",
  };
}

/**
 * The checksum of what came first, where nobody publishes one: it counts from then on, as long as
 * its record is there.
 *
 * @param artifact Where it is published.
 * @param record What the cache remembers of it; null where it does not.
 * @returns The checksum; null where there is none.
 */
export function firstSeen(
  { checksumsUrls }: Pick<ReleaseArtifact, "checksumsUrls">,
  record: CacheRecord | null,
): ExpectedChecksum | null {
  if (checksumsUrls.length > 0 || record === null) return null;
  return {
    ...record.artifact,
    source: `the cache's record of ${record.at.slice(0, 10)}`,
    remedy: "remove it from the cache (`hale cache prune --all`)",
  };
}
