import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);

Deno.test("`hale help security` names only tests that exist", async () => {
  const text = await Deno.readTextFile(new URL("src/cli/manual/security.md", ROOT));
  const named = [...text.matchAll(/`(tests\/[\w/]+_test)`/g)].map(([, path]) => path!);
  assert(named.length > 3);
  const missing = [...new Set(named)].filter((path) => {
    try {
      return !Deno.statSync(new URL(`${path}.ts`, ROOT)).isFile;
    } catch {
      return true;
    }
  });
  assertEquals(missing, []);
});
