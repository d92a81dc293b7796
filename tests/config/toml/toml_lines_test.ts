import { assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { parseToml } from "../../../src/config/toml/toml.ts";
import { TomlError } from "../../../src/config/toml/toml_error.ts";
import { parseTomlWithLines, tomlLines } from "../../../src/config/toml/toml_lines.ts";

Deno.test("tomlLines() finds keys, parts of inline tables and items of lists", () => {
  const lineOf = tomlLines(`name = "x"
[services.a]
args = ["1",
  "2"]
env = { A = "1",
  "B.C" = "2" }
health.tcp = "x"
[[list]]
[[list]]
y = 1
`);
  assertEquals(lineOf(["name"]), 1);
  assertEquals(lineOf(["services"]), 2);
  assertEquals(lineOf(["services", "a", "args", 1]), 4);
  assertEquals(lineOf(["services", "a", "env"]), 5);
  assertEquals(lineOf(["services", "a", "env", "A"]), 5);
  assertEquals(lineOf(["services", "a", "env", "B.C"]), 6);
  assertEquals(lineOf(["services", "a", "health"]), 7);
  assertEquals(lineOf(["services", "a", "health", "tcp"]), 7);
  assertEquals(lineOf(["list"]), 8);
  assertEquals(lineOf(["list", 1, "y"]), 10);
});

Deno.test("tomlLines() gives the line of the nearest table when a key is not there", () => {
  const lineOf = tomlLines('a = 1\n[services.b]\ncommand = "x"\n');
  assertEquals(lineOf(["services", "b", "health", "within"]), 2);
  assertEquals(lineOf(["other"]), null);
  assertEquals(lineOf([]), null);
});

Deno.test("tomlLines() gives the first line when a table has several", () => {
  const lineOf = tomlLines("[services.a.env]\nX = '1'\n[services.b]\n[services.a]\ncwd = '.'\n");
  assertEquals(lineOf(["services", "a"]), 1);
  assertEquals(lineOf(["services", "a", "cwd"]), 5);
});

Deno.test("tomlLines() counts the lines of a file with a byte order mark and CRLF", () => {
  const lineOf = tomlLines('\ufeffa = """x\r\ny"""\r\nb = 1\r\n');
  assertEquals([lineOf(["a"]), lineOf(["b"])], [1, 3]);
});

Deno.test("tomlLines() reads every document that parseToml() accepts", () => {
  const part = fc.constantFrom(
    ..."a b . = == { } [ [[ ] ]] , # \" ' \\ \n 1 08 1.5 true".split(" "),
  );
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
      const text = parts.join("");
      let value;
      try {
        value = parseToml(text);
      } catch {
        return;
      }
      accepted++;
      const lineOf = tomlLines(text);
      for (const key of Object.keys(value)) assertEquals(typeof lineOf([key]), "number", text);
    }),
    { numRuns: 5000 },
  );
  assertEquals(accepted > 100, true, `only ${accepted} documents were accepted`);
});

Deno.test("parseTomlWithLines() gives the value and its lines, and refuses what is not TOML", () => {
  const { value, lineOf } = parseTomlWithLines("\na = 1\n");
  assertEquals([value.a, lineOf(["a"])], [1, 2]);
  assertThrows(() => parseTomlWithLines("a = "), TomlError);
});
