import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { newestEntry, releaseNotes } from "../../../scripts/release/release_notes.ts";
import { HaleError } from "../../../src/errors.ts";
import config from "../../../deno.json" with { type: "json" };

const CHANGELOG = "# Changelog\n\n## 1.2.0\n\n- new\n- newer\n\n## 1.1.0\n\n- old\n";

Deno.test("newestEntry() returns the first version and its notes", () => {
  assertEquals(newestEntry(CHANGELOG), { version: "1.2.0", notes: "- new\n- newer" });
  assertEquals(newestEntry("## 1.0.0 (soon)\n- all"), { version: "1.0.0", notes: "- all" });
  assertEquals(newestEntry("# Changelog\n"), null);
});

Deno.test("releaseNotes() returns the notes when tag, version and changelog agree", () => {
  assertEquals(
    releaseNotes("v1.2.0", { version: "1.2.0", changelog: CHANGELOG }),
    "- new\n- newer",
  );
});

for (
  const [tag, version, changelog] of [
    ["v1.2.1", "1.2.0", CHANGELOG],
    ["v1.2.0", "1.2.1", CHANGELOG],
    ["v1.1.0", "1.1.0", CHANGELOG],
    ["1.2.0", "1.2.0", CHANGELOG],
    ["v1.2.0", "1.2.0", "# Changelog\n"],
    ["", "1.2.0", CHANGELOG],
  ] as const
) {
  Deno.test(`releaseNotes() refuses the tag "${tag}" when deno.json says ${version}`, () => {
    const error = assertThrows(() => releaseNotes(tag, { version, changelog }), HaleError);
    assertStringIncludes(error.message, `deno.json: ${version}`);
  });
}

Deno.test("releaseNotes() refuses a version without notes", () => {
  assertThrows(
    () => releaseNotes("v1.0.0", { version: "1.0.0", changelog: "## 1.0.0\n\n## 0.9.0\n- x\n" }),
    HaleError,
    "has no entries for v1.0.0",
  );
});

Deno.test("newestEntry() skips unreleased changes", () => {
  const changelog = "# Changelog\n\n## [Unreleased]\n\n- a\n\n## 1.2.3\n\n- b\n";
  assertEquals(newestEntry(changelog), { version: "1.2.3", notes: "- b" });
});

Deno.test("releaseNotes() refuses a release while entries are unreleased", () => {
  const changelog = "# Changelog\n\n## [Unreleased]\n\n- a\n\n## 1.2.3\n\n- b\n";
  assertThrows(
    () => releaseNotes("v1.2.3", { version: "1.2.3", changelog }),
    HaleError,
    "still has entries under [Unreleased]",
  );
  const emptied = changelog.replace("- a\n\n", "");
  assertEquals(releaseNotes("v1.2.3", { version: "1.2.3", changelog: emptied }), "- b");
});

Deno.test("CHANGELOG.md starts with the version of deno.json", async () => {
  const changelog = await Deno.readTextFile(new URL("../../../CHANGELOG.md", import.meta.url));
  assertEquals(newestEntry(changelog)?.version, config.version);
});
