import type { EngineSpec } from "../../model/service_spec.ts";
import { shownUrl } from "../../text/redact_url.ts";
import type { ExpectedChecksum } from "./expected_checksum.ts";
import type { ReleaseArtifact } from "./release.ts";

/** Where bytes would come from, as it is known before any connection: what a policy may refuse. */
export interface ReleaseSource {
  /** Name of the program. */
  readonly name: string;
  readonly version: string;
  /** URL of the artifact. Redirects of it are not known yet. */
  readonly url: string;
  /** URLs of the checksums that would be asked for. */
  readonly checksumsUrls: readonly string[];
  /** `owner/repo` where it is a release on GitHub. */
  readonly github: string | null;
  /**
   * How it is known to be the right one: by a hash that was known before, by published checksums,
   * by published checksums with a signature, or not at all.
   */
  readonly checksum: "pinned" | "published" | "signed" | "none";
}

/**
 * Describes where an artifact would come from.
 *
 * @param engine Whose artifact.
 * @param artifact What the configuration says of it.
 * @param expected The checksum that was known before; null where there was none.
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
