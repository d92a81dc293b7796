import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { chooseVersion } from "../../../scripts/setup/releases.mjs";
import { LoopbackGitHub } from "./github.ts";

/** The releases for the tests below. */
const TAGS = [
  "v0.9.0",
  "v1.2.0",
  "v1.2.9",
  "v1.2.10",
  "v1.10.0",
  "v2.0.0",
  "v3.0.0-rc.1",
  "nightly",
];

async function choose(wanted: string): Promise<string> {
  await using github = new LoopbackGitHub();
  github.list = TAGS.map((tag_name) => ({ tag_name }));
  const releases = { server: github.url, api: `${github.url}/api/v3`, repository: "acme/hale" };
  return await chooseVersion(wanted, releases, "");
}

/** Requested versions and the expected releases. */
const CHOSEN: Readonly<Record<string, string>> = {
  "1": "1.10.0",
  "1.2": "1.2.10",
  "1.x": "1.10.0",
  "~1.2.3": "1.2.10",
  "^1.2": "1.10.0",
  "^0.9.0": "0.9.0",
  "<=1.2.9": "1.2.9",
  ">= 1.2 < 2": "1.10.0",
  "1.2.0 - 1.2.9": "1.2.9",
  "0.9 || 1.2.x": "1.2.10",
  "*": "2.0.0",
  // Exact versions are not looked up; a pre-release must be given exactly.
  "v7.0.0": "7.0.0",
  "3.0.0-rc.1": "3.0.0-rc.1",
};
for (const [wanted, version] of Object.entries(CHOSEN)) {
  Deno.test(`chooseVersion() chooses ${version} for ${wanted}`, async () => {
    assertEquals(await choose(wanted), version);
  });
}

Deno.test("chooseVersion() never chooses a pre-release for a range", async () => {
  for (const wanted of ["^3", ">2.0.0", "^3.0.0-rc.1"]) {
    const error = await assertRejects(() => choose(wanted), Error);
    assertEquals(error.message, `acme/hale has no release in the range ${wanted}.`);
  }
});

Deno.test("chooseVersion() names the valid forms when a text is not a version", async () => {
  for (const wanted of ["newest", "1.2.3.4", "01.2.3", "1,2"]) {
    const error = await assertRejects(() => choose(wanted), Error);
    assertStringIncludes(
      error.message,
      `${JSON.stringify(wanted)} is not a version, expected 1.2.3`,
    );
  }
});
