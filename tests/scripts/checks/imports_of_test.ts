import { assertEquals } from "@std/assert";
import { importsOf } from "../../../scripts/checks/imports_of.ts";

function summary(source: string): string[] {
  return importsOf(source).map(({ specifier, typeOnly }) =>
    `${typeOnly ? "type " : ""}${specifier}`
  );
}

const CASES: readonly (readonly [source: string, imports: readonly string[]])[] = [
  [`import { a, type B } from "./a.ts";`, ["./a.ts"]],
  [`import{a}from"./a.ts"`, ["./a.ts"]],
  [`import a, { b } from './a.ts';`, ["./a.ts"]],
  [`import a, * as b from "./a.ts";`, ["./a.ts"]],
  [`import * as a from "./a.ts";`, ["./a.ts"]],
  [`import "./a.ts";`, ["./a.ts"]],
  [`import data from "./a.json" with { type: "json" };`, ["./a.json"]],
  [`import {\n  a, // from "./no.ts"\n} from "./a.ts";`, ["./a.ts"]],
  [`import type { A } from "./a.ts";`, ["type ./a.ts"]],
  [`import type A from "./a.ts";`, ["type ./a.ts"]],
  [`import type from "./a.ts";`, ["./a.ts"]],
  [`export { a } from "./a.ts";`, ["./a.ts"]],
  [`export * from "./a.ts";`, ["./a.ts"]],
  [`export type { A } from "./a.ts";`, ["type ./a.ts"]],
  [`const a = await import("./a.ts");`, ["./a.ts"]],
  [`const a = import(\n  "./a.ts"\n);`, ["./a.ts"]],
  [`type A = typeof import("./a.ts");`, ["type ./a.ts"]],
  ["import(path);", ["null"]],
  ["import(`./${a}.ts`);", ["null"]],
  [`export const a = "from './a.ts'";`, []],
  [`// import "./a.ts"`, []],
  [`import.meta.resolve("./a.ts");`, []],
  [`loader.import("./a.ts");`, []],
  [`export interface A { from: "b" }`, []],
];

for (const [source, imports] of CASES) {
  Deno.test(`importsOf() finds ${JSON.stringify(imports)} when it reads ${source}`, () => {
    assertEquals(summary(source), [...imports]);
  });
}

Deno.test("importsOf() says where an import begins when others stand before it", () => {
  const source = `import "./a.ts";\nimport "./b.ts";\n`;
  assertEquals(importsOf(source).map(({ offset }) => source[offset - 1]), [undefined, "\n"]);
});
