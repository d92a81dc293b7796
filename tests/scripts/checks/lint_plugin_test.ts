// deno-lint-ignore-file hale/plain-words
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import plugin from "../../../scripts/checks/lint_plugin.ts";
import { REPO } from "./temp_repo.ts";

/** What the rules refuse in a file, as "rule: what is marked". */
function refusals(file: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, join(REPO, file), source)
    .map(({ id, range }) => `${id}: ${source.slice(...range)}`);
}

const CASES: readonly (readonly [file: string, source: string, refusals: readonly string[]])[] = [
  ["main.ts", "Deno.exit(0);", []],
  ["tests/a.ts", "Deno.exit(1); console.log(Deno.build.os); import(path);", []],
  ["src/store/a.ts", "Deno.exit(1);", ["hale/exit: Deno.exit"]],
  ["src/cli/a.ts", "Deno\n  .exit(1);", ["hale/exit: Deno\n  .exit"]],
  ["scripts/a.ts", "Deno.exit(1);", ["hale/exit: Deno.exit"]],

  ["scripts/a.ts", "Deno.exitCode = 1; process.exitCode = 1;", []],
  ["main.ts", "Deno.exitCode = 1;", ["hale/exit-status: Deno.exitCode"]],
  ["src/store/a.ts", "Deno.exitCode = 1;", ["hale/exit-status: Deno.exitCode"]],
  ["src/store/a.ts", "process.exit(1);", ["hale/exit-status: process.exit"]],
  ["src/store/a.ts", "process.exitCode = 1;", ["hale/exit-status: process.exitCode"]],
  ["src/store/a.ts", "child.exitCode; launch.exit(); Deno.exited;", []],

  ["src/cli/a.ts", "console.log(1);", ["hale/print: console.log"]],
  ["scripts/a.ts", "console.log(1);", []],
  ["src/cli/output/a.ts", "Deno.stdout.writeSync(bytes);", []],
  ["src/cli/a.ts", "Deno.stderr.writeSync(bytes);", ["hale/terminal: Deno.stderr"]],
  ["src/app/a.ts", "process.stdout.write(text);", ["hale/terminal: process.stdout"]],
  ["src/app/a.ts", 'run({ stdout: "inherit" });', ['hale/terminal: stdout: "inherit"']],
  ["src/app/a.ts", "confirm(name);", ["hale/terminal: confirm(name)"]],
  ["src/app/a.ts", "child.stdout; output.stderr.write(text);", []],
  ["src/app/a.ts", "console.log(1);", ["hale/print: console.log"]],
  ["src/app/a.ts", "options.console.log(1);", []],

  ["src/platform/a.ts", "Deno.build.os; process.platform;", []],
  ["src/cli/a.ts", "Deno.build.standalone;", []],
  ["scripts/setup/a.mjs", "process.platform;", []],
  ["src/spawn/a.ts", "Deno.build.os;", ["hale/platform: Deno.build"]],
  ["src/spawn/a.ts", "f(Deno.build);", ["hale/platform: Deno.build"]],
  ["src/spawn/a.ts", "process.platform;", ["hale/platform: process.platform"]],
  ["scripts/a.ts", "Deno.build.os;", ["hale/platform: Deno.build"]],

  ["src/spawn/a.ts", `import("./b.ts");`, []],
  ["scripts/a.ts", "import(path);", []],
  ["src/spawn/a.ts", "import(path);", ["hale/literal-import: import(path)"]],
  ["src/spawn/a.ts", "import(`./${a}.ts`);", ["hale/literal-import: import(`./${a}.ts`)"]],

  ["src/spawn/a.ts", "class A { #b = 1; #c() {} private constructor() {} }", []],
  ["src/spawn/a.ts", "class A { protected a = 1; constructor(readonly b: C) {} } // private ", []],
  ["src/spawn/a.ts", "class A { private b = 1 }", ["hale/private-name: private b = 1"]],
  ["tests/a.ts", "class A { private get b() {} }", ["hale/private-name: private get b() {}"]],
  [
    "scripts/a.ts",
    "abstract class A { private abstract b: C }",
    ["hale/private-name: private abstract b: C"],
  ],
  [
    "scripts/a.ts",
    "class A { constructor(private readonly b: C) {} }",
    ["hale/private-name: private readonly b: C"],
  ],

  ["src/a.ts", "// It stands.", ["hale/plain-words: stands"]],
  ["tests/a.mjs", "/** It\n * goes\n * by it. */", ["hale/plain-words: goes\n * by"]],
  ["src/a.ts", "// It goes\n// by it.", ["hale/plain-words: goes\n// by"]],
  ["src/a.ts", "f('It stands.', \"told\");", [
    "hale/plain-words: stands",
    "hale/plain-words: told",
  ]],
  ["src/a.ts", "f(`It tells ${told} that\\nit stands`);", [
    "hale/plain-words: tells",
    "hale/plain-words: stands",
  ]],
  ["src/a.ts", `f("ünd\\ntold");`, ["hale/plain-words: told"]],
  ["src/a.ts", "const told = it.stands + somebody; // a", []],

  ["src/a.ts", `// Deno.exit(), console.log(), process.platform\nf("import(a) private b");`, []],
];

for (const [file, source, expected] of CASES) {
  const verb = expected.length === 0 ? "allows" : "refuses";
  Deno.test(`the lint plugin ${verb} ${source} in ${file}`, () => {
    assertEquals(refusals(file, source), [...expected]);
  });
}
