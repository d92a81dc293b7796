import { assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { checkImports } from "../../../scripts/checks/check_imports.ts";

const REPO = fromFileUrl(new URL("../../..", import.meta.url));

async function violationsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const root = await Deno.makeTempDir();
  try {
    for (const [file, source] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(root, file)), { recursive: true });
      await Deno.writeTextFile(join(root, file), source);
    }
    const violations = await checkImports(root);
    return violations.map(({ file, line, message }) => `${file}:${line}: ${message}`);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const ALLOWED: Readonly<Record<string, string>> = {
  "src/model/a.ts": `import { HaleError } from "../errors.ts"; import { b } from "./b.ts";`,
  "src/version.ts": `import config from "../deno.json" with { type: "json" };`,
  "src/platform/a.ts": `import { a } from "../model/a.ts"; Deno.build.os;`,
  "src/config/a.ts": `import { p } from "../platform/mod.ts"; import t from "./presets/a.toml";`,
  "src/supervise/a.ts": `import type { S } from "../store/s.ts"; import "../platform/mod.ts";`,
  "src/app/a.ts": `import { s } from "../supervise/s.ts"; import { c } from "../config/c.ts";`,
  "src/cli/a.ts": `import { u } from "../app/u.ts"; console.log(Deno.build.standalone);`,
  "src/mod.ts": `export { u } from "./app/u.ts"; export type { S } from "./config/s.ts";`,
  "main.ts": `import { main } from "./src/cli/main.ts"; Deno.exit(0);`,
  "scripts/a.ts": `import "../src/store/s.ts"; console.log(1); Deno.exitCode = 1; import(path);`,
  "tests/a.ts": `Deno.exit(1);`,
  "src/store/a.ts":
    `// Deno.exit(), console.log(), process.platform\nconst a = "import('../cli/x.ts')";`,
};

for (const [file, source] of Object.entries(ALLOWED)) {
  Deno.test(`checkImports() finds nothing when ${file} holds ${source}`, async () => {
    assertEquals(await violationsOf({ [file]: source }), []);
  });
}

const FORBIDDEN: Readonly<Record<string, readonly [source: string, violation: string]>> = {
  "src/errors.ts": [`import "./model/a.ts";`, "errors may not import model: ./model/a.ts"],
  "src/model/a.ts": [
    `import type { P } from "../platform/mod.ts";`,
    "model may not import platform: ../platform/mod.ts",
  ],
  "src/platform/a.ts": [`import "../store/s.ts";`, "platform may not import store: ../store/s.ts"],
  "src/config/a.ts": [
    `export { r } from "../resolve/r.ts";`,
    "config may not import resolve: ../resolve/r.ts",
  ],
  "src/health/a.ts": [
    `await import("../supervise/s.ts");`,
    "health may not import supervise: ../supervise/s.ts",
  ],
  "src/supervise/a.ts": [
    `import { s } from "../store/s.ts";`,
    "supervise may import only types of store: ../store/s.ts",
  ],
  "src/supervise/b.ts": [
    `import type { R } from "../resolve/r.ts";`,
    "supervise may not import resolve: ../resolve/r.ts",
  ],
  "src/app/a.ts": [`import "../cli/main.ts";`, "app may not import cli: ../cli/main.ts"],
  "src/cli/a.ts": [`import "../mod.ts";`, "cli may not import mod: ../mod.ts"],
  "src/cli/b.ts": [
    `import "../../scripts/a.ts";`,
    "cli may not import scripts: ../../scripts/a.ts",
  ],
  "src/mod.ts": [
    `export { c } from "./config/c.ts";`,
    "mod may import only types of config: ./config/c.ts",
  ],
  "main.ts": [`import "./tests/a.ts";`, "main.ts may not import tests: ./tests/a.ts"],
  "src/store/a.ts": ["Deno.exit(1);", "Deno.exit: only main.ts exits"],
  "scripts/a.ts": ["Deno.exit(1);", "Deno.exit: only main.ts exits"],
  "src/store/b.ts": ["Deno.exitCode = 1;", "Deno.exitCode: only main.ts decides the exit status"],
  "src/store/c.ts": ["process.exit(1);", "process.exit: only main.ts decides the exit status"],
  "src/app/b.ts": ["console.log(1);", "console: only src/cli and scripts print"],
  "src/spawn/a.ts": ["Deno.build.os;", "Deno.build: only src/platform asks which system this is"],
  "src/spawn/b.ts": [
    "process.platform;",
    "process.platform: only src/platform asks which system this is",
  ],
  "src/spawn/c.ts": ["import(path);", "import() without a literal path cannot be compiled in"],
};

for (const [file, [source, violation]] of Object.entries(FORBIDDEN)) {
  Deno.test(`checkImports() refuses ${source} when it stands in ${file}`, async () => {
    assertEquals(await violationsOf({ [file]: `\n${source}` }), [`${file}:2: ${violation}`]);
  });
}

Deno.test("checkImports() refuses a folder when it is no layer", async () => {
  assertEquals(await violationsOf({ "src/utils/a.ts": "" }), [
    "src/utils/a.ts:1: utils is no layer; see MAY_IMPORT in check_imports.ts",
  ]);
});

Deno.test("check_imports.ts prints file and line and ends with 1 when there is a violation", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(root, "scripts/checks"), { recursive: true });
    await Deno.mkdir(join(root, "src"));
    for (const name of ["check_imports.ts", "code_only.ts", "imports_of.ts"]) {
      await Deno.copyFile(join(REPO, "scripts/checks", name), join(root, "scripts/checks", name));
    }
    for (const name of ["deno.json", "deno.lock", "src/std.d.ts"]) {
      await Deno.copyFile(join(REPO, name), join(root, name));
    }
    await Deno.writeTextFile(join(root, "src/errors.ts"), "\n\nDeno.exit(0);\n");
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--allow-read", "scripts/checks/check_imports.ts"],
      cwd: root,
    }).output();
    assertEquals(
      new TextDecoder().decode(stderr),
      "src/errors.ts:3: Deno.exit: only main.ts exits\n",
    );
    assertEquals(code, 1);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("checkImports() finds nothing when it reads this repository", async () => {
  assertEquals(await checkImports(REPO), []);
});
