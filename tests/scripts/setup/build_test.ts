import { assert, assertEquals, assertFalse } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { buildSetup } from "../../../scripts/setup/build.ts";

const DIST = fromFileUrl(new URL("../../../.github/actions/setup/dist", import.meta.url));

Deno.test("buildSetup() returns the committed bundles", async () => {
  for (const [name, text] of await buildSetup()) {
    assert(
      await Deno.readTextFile(join(DIST, name)) === text,
      `${name} is not up to date: deno task setup`,
    );
  }
});

Deno.test("buildSetup() leaves no imports of packages and no local paths", async () => {
  for (const [name, text] of await buildSetup()) {
    const imports = [...text.matchAll(/^import .* from "(.+)";$/gm)].map((match) => match[1]!);
    assertEquals(imports.filter((specifier) => !specifier.startsWith("node:")), [], name);
    assertFalse(text.includes("/npm/"), `${name} names the package cache`);
  }
});
