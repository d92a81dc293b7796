import { assert, assertEquals, assertRejects } from "@std/assert";
import { compileLinePattern } from "../../src/text/line_pattern.ts";

const matches = async (source: string, text: string) =>
  (await compileLinePattern(source)).test(text);

Deno.test("compileLinePattern() matches single lines of a text", async () => {
  assert(await matches("^ready on port \\d+$", "starting\nready on port 80\nmore"));
  assert(!await matches("^ready$", "not ready\n"));
});

Deno.test("compileLinePattern() accepts the syntax of JavaScript", async () => {
  for (
    const source of ["^\\u0041$", "^(?<letter>A)$", "^\\p{Lu}$", "^[\\w-]$", "^A\\/?$", "^(?i)a$"]
  ) {
    assert(await matches(source, "x\nA\n"), source);
  }
});

Deno.test("compileLinePattern() takes linear time", async () => {
  const text = "a".repeat(100_000) + "!";
  for (const source of ["^(a+)+$", "^(a|aa)+$", "(.*a){20}b"]) {
    assertEquals(await matches(source, text), false);
  }
});

Deno.test("compileLinePattern() rejects what is not valid or takes more than linear time", async () => {
  for (
    const [source, fault] of [
      ["(", "missing closing ): `(`"],
      ["a**", "invalid nested repetition operator: `**`"],
      ["(?<=x)a", "look-around (`(?=`) and back-references (`\\1`) are not possible"],
      ["(a)\\1", "look-around (`(?=`) and back-references (`\\1`) are not possible"],
      ["((a{100}){100}){100}", "invalid repeat count: `{100}`"],
      ["x".repeat(1_001), "it has more than 1000 characters"],
    ] as const
  ) {
    const { message } = await assertRejects(() => compileLinePattern(source), SyntaxError);
    assertEquals(message, fault);
  }
});
