import { shownUrl } from "../../text/redact_url.ts";
import type { LockedArtifact } from "./lockfile.ts";
import type { ReleaseArtifact } from "./release.ts";

/**
 * Returns the file that an entry of `hale.lock` is about, if it is another one than the configuration
 * names: `release.asset` was changed and `version` was not. A mirror may serve the file from any other
 * URL; so only names are compared, and only if both URLs have them.
 *
 * @param locked The entry.
 * @param artifact The artifact in the configuration.
 * @returns The name in `hale.lock`; null if it is the same, or unknown.
 */
export function otherLockedAsset(
  locked: Pick<LockedArtifact, "url">,
  artifact: Pick<ReleaseArtifact, "asset" | "url">,
): string | null {
  const name = artifact.asset.slice(artifact.asset.lastIndexOf("/") + 1);
  if (!segmentsOf(shownUrl(artifact.url)).includes(name)) return null;
  const there = segmentsOf(locked.url);
  return there.includes(name) ? null : there.at(-1) ?? null;
}

function segmentsOf(url: string): string[] {
  return (URL.parse(url)?.pathname ?? "").split("/").filter((part) => part !== "").map(decode);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
