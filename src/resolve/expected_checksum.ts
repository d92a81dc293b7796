import { HaleError } from "../errors.ts";
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
    return sha256 === null ? null : { sha256, size: null, source: "release.sha256 of hale.toml" };
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
  return { sha256: locked.sha256, size: locked.size, source: "hale.lock" };
}
