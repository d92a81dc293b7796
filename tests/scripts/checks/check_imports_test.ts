import { assertEquals } from "@std/assert";
import { checkImports } from "../../../scripts/checks/check_imports.ts";
import { REPO, runCheck, tempRepo } from "./temp_repo.ts";

async function violationsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  using repo = await tempRepo(files);
  const violations = await checkImports(repo.path);
  return violations.map(({ file, line, message }) => `${file}:${line}: ${message}`);
}

Deno.test("checkImports() finds nothing when imports point downward", async () => {
  assertEquals(
    await violationsOf({
      "main.ts": `import { main } from "./src/cli/main.ts";`,
      "src/version.ts": `import config from "../deno.json" with { type: "json" };`,
      "src/cli/main.ts": `import type { C } from "../app/context.ts"; import(path);`,
      "src/app/context.ts": "export type C = 1;",
      "src/config/presets/a.toml": "",
      "src/std.d.ts": "",
      "scripts/a.ts": `import "../src/cli/main.ts";`,
      "tests/a.ts": `import "../scripts/a.ts";`,
    }),
    [],
  );
});

Deno.test("checkImports() refuses imports upward, whatever their kind", async () => {
  assertEquals(
    await violationsOf({
      "src/errors.ts": `\nimport type { A } from "./model/a.ts";`,
      "src/model/a.ts": `\n\nexport { c } from "../config/c.ts";`,
      "src/config/c.ts": `export const c = await import("../cli/main.ts");`,
    }),
    [
      "src/config/c.ts:1: src/config may not import src/cli, which is above it: ../cli/main.ts",
      "src/errors.ts:2: src/errors.ts may not import src/model, which is above it: ./model/a.ts",
      "src/model/a.ts:3: src/model may not import src/config, which is above it: ../config/c.ts",
    ],
  );
});

Deno.test("checkImports() refuses a folder when it is not in the table, and says it once a file", async () => {
  assertEquals(
    await violationsOf({
      "src/utils/a.ts": `import "../store/new/a.ts";`,
      "src/store/new/a.ts": "",
      "src/store/new/a.toml": "",
    }),
    [
      "src/store/new/a.toml:1: src/store/new is not in LAYERS: " +
      "add new to the row of src/store in scripts/checks/layers.ts",
      "src/store/new/a.ts:1: src/store/new is not in LAYERS: " +
      "add new to the row of src/store in scripts/checks/layers.ts",
      "src/utils/a.ts:1: src/utils is not in LAYERS: " +
      "add utils to the row of src in scripts/checks/layers.ts",
    ],
  );
});

Deno.test("checkImports() refuses a circle when its imports are static, of types and dynamic", async () => {
  assertEquals(
    await violationsOf({
      "src/model/a.ts": `import "../errors.ts";\nimport "./b.ts";`,
      "src/model/b.ts": `import type { C } from "./c.ts";`,
      "src/model/c.ts": `export type C = 1; await import("./a.ts");`,
      "src/errors.ts": "",
    }),
    [
      "src/model/a.ts:2: circle of imports: " +
      "src/model/a.ts -> src/model/b.ts -> src/model/c.ts -> src/model/a.ts",
    ],
  );
});

Deno.test("check_imports.ts prints file and line and exits with 1 when there is a violation", async () => {
  const files = { "src/errors.ts": `\n\nimport "./mod.ts";`, "src/mod.ts": "" };
  assertEquals(await runCheck("check_imports.ts", files), {
    status: 1,
    stdout: "",
    stderr:
      "src/errors.ts:3: src/errors.ts may not import src/mod.ts, which is above it: ./mod.ts\n",
  });
});

Deno.test("checkImports() finds nothing when it reads this repository", async () => {
  assertEquals(await checkImports(REPO), []);
});
