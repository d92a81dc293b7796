/**
 * Decides how a tag is published: `deno run scripts/release/release_channel.ts v1.2.3 < TAGS`, with the
 * tags of the repository on standard input, one a line. Prints outputs of a workflow step.
 *
 * @module
 */

import { greaterThan, type SemVer, tryParse } from "@std/semver";
import { HaleError } from "../../src/errors.ts";

/** How a release is published. */
export interface ReleaseChannel {
  /** Whether it is a pre-release, such as 1.2.3-rc.1, which never becomes the latest release. */
  readonly prerelease: boolean;
  /** The tag that users of the action name, such as `v1`; null if it must stay where it is. */
  readonly movingTag: string | null;
}

/**
 * Decides how a tag is published.
 *
 * @param tag The tag of the release, such as `v1.2.3`.
 * @param tags All tags of the repository. Tags of other forms are ignored.
 * @returns A pre-release or a release. The moving tag follows the highest release of its major version,
 * so a fix for an older minor version does not move it back.
 * @throws {HaleError} `usage` If the tag is not a version.
 */
export function releaseChannel(tag: string, tags: readonly string[]): ReleaseChannel {
  const version = tryParse(tag);
  if (version === undefined) {
    throw new HaleError(
      "usage",
      `Cannot release the tag ${tag}: it is not a version, as v1.2.3 is.`,
      {
        fields: { tag },
      },
    );
  }
  const prerelease = isPrerelease(version);
  const isHighest = tags.every((other) => {
    const found = /^v\d/.test(other) ? tryParse(other) : undefined;
    return found === undefined || isPrerelease(found) || found.major !== version.major ||
      !greaterThan(found, version);
  });
  return { prerelease, movingTag: prerelease || !isHighest ? null : `v${version.major}` };
}

function isPrerelease({ prerelease }: SemVer): boolean {
  return (prerelease ?? []).length > 0;
}

if (import.meta.main) {
  const [tag = ""] = Deno.args;
  const text = await new Response(Deno.stdin.readable).text();
  const { prerelease, movingTag } = releaseChannel(tag, text.split(/\s+/).filter(Boolean));
  console.log(`prerelease=${prerelease}\nmoving-tag=${movingTag ?? ""}`);
}
