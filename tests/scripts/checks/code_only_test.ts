import { assertEquals } from "@std/assert";
import { codeOnly } from "../../../scripts/checks/code_only.ts";

const CASES: readonly (readonly [name: string, source: string, code: string])[] = [
  ["line comments", "a; // b\nc;", "a;     \nc;"],
  ["block comments", "a; /* b\n'c */ d;", "a;     \n      d;"],
  ["strings", `f("a'b", 'c"d');`, `f("   ", '   ');`],
  ["escaped quotes", `f("a\\"b") + c;`, `f("    ") + c;`],
  ["comments in strings", `f("//a") + b;`, `f("   ") + b;`],
  ["templates", "f(`a ${b(`c`)} d`) + e;", "f(`   {b(` `)}  `) + e;"],
  ["braces in templates", "`${{ a: 1 }.a} b` + c;", "` {{ a: 1 }.a}  ` + c;"],
  ["dollars in templates", "`$a \\${b}` + c;", "`        ` + c;"],
  ["regular expressions", `a = /"[/"]\\/x/g; b;`, `a = /         g; b;`],
  ["regular expressions after a word", `return /"/.test(a);`, "return /  .test(a);"],
  ["divisions", `a = b / c; d = "e" / f;`, `a = b / c; d = " " / f;`],
  ["a division after ++", `a = b++ / c;\n"d";`, `a = b++ / c;\n" ";`],
];

for (const [name, source, code] of CASES) {
  Deno.test(`codeOnly() keeps the code and its place when there are ${name}`, () => {
    assertEquals(codeOnly(source), code);
  });
}
