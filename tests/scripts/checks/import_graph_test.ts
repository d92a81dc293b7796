import { assertEquals, assertRejects } from "@std/assert";
import { readImports } from "../../../scripts/checks/import_graph.ts";
import { tempRepo } from "./temp_repo.ts";

/** A statement, and what it imports: "type" where nothing of it is left when types are erased. */
const CASES: readonly (readonly [source: string, imports: readonly string[]])[] = [
  [`import { a, type B } from "./b.ts";`, ["b.ts"]],
  [`import{a}from"./b.ts"`, ["b.ts"]],
  [`import * as b from './b.ts';`, ["b.ts"]],
  [`import "./b.ts";`, ["b.ts"]],
  [`import data from "./b.json" with { type: "json" };`, ["b.json"]],
  [`import text from "./b.toml" with { type: "text" };`, ["b.toml"]],
  [`import "./missing.ts";`, ["missing.ts"]],
  [`import "@/b.ts";`, ["b.ts"]],
  [`import type { B } from "./b.ts";`, ["type b.ts"]],
  [`import { a } from "./b.ts";\nimport type { B } from "./b.ts";`, ["b.ts", "type b.ts"]],
  [`export { a } from "./b.ts";`, ["b.ts"]],
  [`export * from "./b.ts";`, ["b.ts"]],
  [`export type { B } from "./b.ts";`, ["type b.ts"]],
  [`const b = await import("./b.ts");`, ["b.ts"]],
  [`type A = typeof import("./b.ts");`, ["type b.ts"]],
  [`type A = import("./b.ts").B;`, ["type b.ts"]],
  ["import(path);", []],
  [`import "node:fs"; import "npm:anything@1"; import "not_in_the_map";`, []],
  [`const text = "from './b.ts'"; // import "./b.ts"`, []],
];

Deno.test("readImports() finds imports of every kind", async (t) => {
  const files = CASES.map((_, index) => `case_${index}.ts`);
  using repo = await tempRepo({
    ...Object.fromEntries(CASES.map(([source], index) => [files[index]!, source])),
    "deno.json": `{ "imports": { "@/": "./" } }`,
    "b.ts": "export const a = 1; export type B = 2;",
    "b.json": "{}",
    "b.toml": "",
  });
  const imports = Map.groupBy(await readImports(repo.path, files), ({ from }) => from);
  for (const [index, [source, expected]] of CASES.entries()) {
    await t.step(source, () => {
      const found = imports.get(files[index]!) ?? [];
      assertEquals(found.map(({ to, typeOnly }) => `${typeOnly ? "type " : ""}${to}`), [
        ...expected,
      ]);
    });
  }
});

Deno.test("readImports() gives the line and the specifier, by file and line", async () => {
  using repo = await tempRepo({
    "src/z.ts": "",
    "src/a b/x.ts": `/*\n*/\nimport {\n  a,\n} from "../z.ts";\nimport type { Y } from "./y.ts";`,
    "src/a b/y.ts": `export type Y = 1;\nawait import("../../lib.ts");`,
    "lib.ts": "",
  });
  assertEquals(await readImports(repo.path, ["src/a b/y.ts", "src/a b/x.ts", "src/z.ts"]), [
    {
      from: "src/a b/y.ts",
      to: "lib.ts",
      specifier: "../../lib.ts",
      line: 2,
      typeOnly: false,
    },
    { from: "src/a b/x.ts", to: "src/z.ts", specifier: "../z.ts", line: 5, typeOnly: false },
    { from: "src/a b/x.ts", to: "src/a b/y.ts", specifier: "./y.ts", line: 6, typeOnly: true },
  ]);
});

Deno.test("readImports() throws when a file does not parse", async () => {
  using repo = await tempRepo({ "a.ts": "import {" });
  await assertRejects(() => readImports(repo.path, ["a.ts"]), Error, "a.ts: SyntaxError");
});
