import { assertEquals, assertThrows } from "@std/assert";
import { releaseChannel } from "../../../scripts/release/release_channel.ts";

const TAGS = ["v0", "v0.9.0", "v1", "v1.2.9", "v1.10.0", "v2.0.0-rc.1", "nightly", "1.99.0"];

/** Tags, whether they are pre-releases, and the tag that follows them. */
const CHANNELS: readonly (readonly [tag: string, prerelease: boolean, movingTag: string | null])[] =
  [
    ["v1.10.1", false, "v1"],
    ["v1.11.0", false, "v1"],
    // The tag that is released exists when the workflow runs.
    ["v1.10.0", false, "v1"],
    // A fix for an older minor version.
    ["v1.2.10", false, null],
    ["v0.9.1", false, "v0"],
    // Only a pre-release of this major version exists.
    ["v2.0.0", false, "v2"],
    ["v1.11.0-rc.1", true, null],
    ["v3.0.0-beta", true, null],
  ];

for (const [tag, prerelease, movingTag] of CHANNELS) {
  Deno.test(`releaseChannel() returns ${movingTag} for ${tag}`, () => {
    assertEquals(releaseChannel(tag, TAGS), { prerelease, movingTag });
  });
}

Deno.test("releaseChannel() refuses a tag that is not a version", () => {
  assertThrows(() => releaseChannel("v1", TAGS), Error, "not a version");
});

const WORKFLOW = await Deno.readTextFile(
  new URL("../../../.github/workflows/release.yml", import.meta.url),
);

/** Converts a filter of GitHub to a regular expression: `+` repeats, `*` stops at a slash. */
function filterPattern(filter: string): RegExp {
  return new RegExp(`^${filter.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}$`);
}

Deno.test("release.yml starts for versions of three numbers only", () => {
  const list = /^ {4}tags:\n((?: {6}.+\n)+)/m.exec(WORKFLOW)![1]!;
  const filters = [...list.matchAll(/- "(.+)"/g)].map(([, filter]) => filterPattern(filter!));
  const starts = (tag: string) => filters.some((filter) => filter.test(tag));
  assertEquals(
    ["v1.2.3", "v10.20.30", "v1.0.0-rc.1"].filter((tag) => !starts(tag)),
    [],
  );
  // The moving tag must not start a release.
  assertEquals(["v1", "v1.2", "v0", "nightly", "v1x2x3", "1.2.3"].filter(starts), []);
});

Deno.test("release.yml never makes a pre-release the latest release", () => {
  const step = /^ +gh release create [\s\S]*?(?=^ {6}- |$(?![\s\S]))/m.exec(WORKFLOW)![0];
  assertEquals(/\$\{flags\[@\]\}/.test(step), true);
  assertEquals(WORKFLOW.includes("flags+=(--prerelease --latest=false)"), true);
});
