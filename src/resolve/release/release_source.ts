import type { EngineSpec } from "../../model/service_spec.ts";
import { shownUrl } from "../../text/redact_url.ts";
import type { ExpectedChecksum } from "./expected_checksum.ts";
import type { ReleaseArtifact } from "./release.ts";

/** Where a release would be downloaded from. A policy may deny it before any connection. */
export interface ReleaseSource {
  /** Name of the program. */
  readonly name: string;
  readonly version: string;
  /** URL of the artifact. Its redirects are not known yet. */
  readonly url: string;
  /** URLs of the checksum files that would be downloaded. */
  readonly checksumsUrls: readonly string[];
  /** `owner/repo` of a release on GitHub, else null. */
  readonly github: string | null;
  /**
   * How it is verified: by a pinned checksum, by published checksums, by published checksums with a
   * signature, or not at all.
   */
  readonly checksum: "pinned" | "published" | "signed" | "none";
}

/**
 * Describes where an artifact would be downloaded from.
 *
 * @param engine The engine.
 * @param artifact The engine's artifact.
 * @param expected The pinned checksum; null if there is none.
 * @returns The description.
 */
export function releaseSource(
  { name, version, release }: EngineSpec,
  artifact: ReleaseArtifact,
  expected: ExpectedChecksum | null,
): ReleaseSource {
  return {
    name,
    version,
    url: shownUrl(artifact.url),
    checksumsUrls: expected === null ? artifact.checksumsUrls.map(shownUrl) : [],
    github: release.github,
    checksum: expected !== null
      ? "pinned"
      : artifact.checksumsUrls.length === 0
      ? "none"
      : artifact.minisign === null
      ? "published"
      : "signed",
  };
}
