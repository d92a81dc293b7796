import { assertEquals, assertFalse, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { parseEnvFile } from "../../src/config/parse_env_file.ts";
import { HaleError } from "../../src/errors.ts";

Deno.test("parseEnvFile() reads bare values, comments, export and blank lines", () => {
  assertEquals(
    parseEnvFile(
      "# first\n\nA=1\n  export B = two words  # why\nC=\nD=a#b\n\tE=x=y\nF=#\nG=$A ${B}\n",
      ".env",
    ),
    { A: "1", B: "two words", C: "", D: "a#b", E: "x=y", F: "", G: "$A ${B}" },
  );
});

Deno.test("parseEnvFile() reads quoted values", () => {
  assertEquals(
    parseEnvFile(
      [
        `A='a # "b" \\n'`,
        `B="a # 'b'\\n\\t\\"\\\\ \\$C \\x"   # note`,
        `C=""`,
        `D="one`,
        `two"`,
        `E='x`,
        ``,
        `y'`,
      ].join("\n"),
      ".env",
    ),
    { A: `a # "b" \\n`, B: `a # 'b'\n\t"\\ $C \\x`, C: "", D: "one\ntwo", E: "x\n\ny" },
  );
});

Deno.test("parseEnvFile() ignores a byte order mark and reads CRLF as LF", () => {
  assertEquals(parseEnvFile('\ufeffA=1\r\n\r\nB="x\r\ny"\r\n', ".env"), { A: "1", B: "x\ny" });
});

Deno.test("parseEnvFile() uses the last value when a name is set twice", () => {
  assertEquals(parseEnvFile("A=1\nA=2", ".env"), { A: "2" });
});

Deno.test("parseEnvFile() names file and line, never the value, when a line is invalid", () => {
  const cases: Record<string, [line: number, key: string, message: string]> = {
    "A=1\nhunter2": [2, "", "expected NAME=value, a comment or a blank line"],
    "A=1\n\n# x\n2A=hunter2": [4, "", "expected NAME=value, a comment or a blank line"],
    "=hunter2": [1, "", "expected NAME=value, a comment or a blank line"],
    'A=1\nB="hunter2\n\n': [2, "B", "the closing quote is missing"],
    "A='x' hunter2": [1, "A", "expected only a comment after the closing quote"],
    "A=hunter2\0": [1, "A", "a value cannot contain a NUL character"],
  };
  for (const [text, [line, key, message]] of Object.entries(cases)) {
    const error = assertThrows(() => parseEnvFile(text, "/x/.env"), HaleError);
    assertEquals(error.code, "config_invalid");
    assertEquals(error.fields, {
      path: "/x/.env",
      problems: [{ key, line, message, value: null }],
    });
    assertEquals(error.message.includes(`/x/.env:\n  line ${line}: `), true, error.message);
    assertFalse(error.message.includes("hunter2"));
  }
});

Deno.test("parseEnvFile() reads back any value in double quotes", () => {
  const value = fc.string({ unit: "grapheme" }).filter((text) => !/[\0\r]/.test(text));
  fc.assert(fc.property(value, (text) => {
    const quoted = text.replace(/[\\"]/g, (char) => `\\${char}`);
    assertEquals(parseEnvFile(`A="${quoted}"\nB=1`, ".env"), { A: text, B: "1" });
  }));
});
