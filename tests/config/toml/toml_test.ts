import { assertEquals, assertFalse, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { stringify } from "smol-toml";
import { parseToml } from "../../../src/config/toml/toml.ts";
import { TomlError } from "../../../src/config/toml/toml_error.ts";
import { tomlLines } from "../../../src/config/toml/toml_lines.ts";

/** What is wrong with a text, as `line:column reason`. */
function faultOf(text: string): string {
  const error = assertThrows(() => parseToml(text), TomlError);
  return `${error.line}:${error.column} ${error.message}`;
}

/** The tables of a document have no prototype; what is expected does. */
function valueOf(text: string): unknown {
  return JSON.parse(JSON.stringify(parseToml(text)));
}

Deno.test("parseToml() accepts line breaks, comments and a last comma in inline tables", () => {
  assertEquals(
    valueOf(`a = { b = 1, # one
      c = [ 1,
            2, # two
          ], # list
      # alone
      d = { e = "x",
      },
    }
    f = { }
    g = {
    }`),
    { a: { b: 1, c: [1, 2], d: { e: "x" } }, f: {}, g: {} },
  );
});

Deno.test("parseToml() leaves what looks like an inline table in texts as it is", () => {
  const text = [
    `a = "{ x,\\n } # no"`,
    `b = '{ y, # no'`,
    `c = """{`,
    `z, "" } # no"""`,
    `d = '''{`,
    `'' , }'''`,
    `e = { f = "}, #", g = '{' }`,
    `h = { i = """}"""", j = ''',}'''' }`,
  ].join("\n");
  assertEquals(valueOf(text), {
    a: "{ x,\n } # no",
    b: "{ y, # no",
    c: '{\nz, "" } # no',
    d: "{\n'' , }",
    e: { f: "}, #", g: "{" },
    h: { i: '}"', j: ",}'" },
  });
});

Deno.test("parseToml() reads a byte order mark and CRLF as nothing and LF", () => {
  assertEquals(valueOf('\ufeffa = """x\r\ny"""\r\nb = {\r\n c = 1,\r\n}\r\n'), {
    a: "x\ny",
    b: { c: 1 },
  });
  assertEquals(faultOf("\ufeffa = x\r\n").split(" ")[0], "1:5");
  assertEquals(faultOf("\ufeffa = 1\r\nb = x\r\n").split(" ")[0], "2:5");
});

const VALUE = "expected a value: a string in quotes, a number, true, false, a list or a table";
const KEY = 'expected "=" after the key; a key with other characters needs quotes';
const ESCAPE = "unknown escape: write \\\\ for a backslash, or use single quotes";

Deno.test("parseToml() names line and column of what is not TOML, and says what to write", () => {
  assertEquals(faultOf("a = 1\nb 2"), `2:3 ${KEY}`);
  assertEquals(faultOf("a = 1\nb"), '2:1 expected "=" and a value after the key');
  assertEquals(faultOf("[a\nb = 1"), '1:3 expected "]" after the name of the table');
  assertEquals(faultOf("a = 1\n  b = tru e"), `2:7 ${VALUE}`);
  assertEquals(faultOf("a =\n{}"), `1:4 ${VALUE}`);
  assertEquals(faultOf('a = "x'), "1:5 this string is not closed");
  assertEquals(faultOf('a = """x\n\n'), "1:5 this string is not closed");
  assertEquals(
    faultOf('a = "x\nb = 1'),
    '1:7 this string is not closed on its line; a string of several lines needs """',
  );
  assertEquals(faultOf('a = "x\u0007"'), "1:7 control characters are not allowed in strings");
  assertEquals(faultOf('a = "C:\\Program Files"'), `1:9 ${ESCAPE}`);
  assertEquals(faultOf('a = "C:\\Users"'), `1:10 ${ESCAPE}`);
  assertEquals(faultOf("a = 1 b = 2"), "1:7 expected the end of the line");
  assertEquals(faultOf("\n\na = [1\nb = 2"), '4:1 expected "," or the closing bracket');
  assertEquals(faultOf("a = {\n b = 1\n c = 2 }"), '3:2 expected "," or the closing bracket');
  assertEquals(faultOf("a = { b = 1,, }"), `1:13 ${KEY}`);
  assertEquals(faultOf("a = {\n b = 1,\n}\nc = 2020-99-99"), "4:5 invalid date");
});

Deno.test("parseToml() refuses a key or table that is set twice", () => {
  assertEquals(faultOf("a = [1]\na = [2]"), "2:1 a is already set");
  assertEquals(faultOf("a = { b = 1,\n b = 2 }"), "2:2 b is already set");
  assertEquals(faultOf("[a]\n[b]\n[a]"), "3:2 a is already set");
  assertEquals(faultOf("a = {}\n[a.b]"), "2:2 a.b is already set");
  assertEquals(faultOf("a.b = 1\na = 2"), "2:1 a is already set");
});

Deno.test("parseToml() refuses keys that would change the prototype of a table", () => {
  const reason = "__proto__ and constructor cannot be keys";
  assertEquals(faultOf("[services]\n__proto__ = 1"), `2:1 ${reason}`);
  assertEquals(faultOf('"__pro\\u0074o__" = 1'), `1:1 ${reason}`);
  assertEquals(faultOf("a = { __proto__ = 1 }"), `1:7 ${reason}`);
  assertEquals(faultOf("[a]\n[constructor]"), `2:2 ${reason}`);
});

Deno.test("parseToml() accepts parts of one table that are dotted or apart", () => {
  assertEquals(valueOf("a.b = 1\na.c = 2\n[d]\n[d.e.f]\nx = 1\n[d.g]\ny = 2\n[h.i]\n[h]\nz = 3"), {
    a: { b: 1, c: 2 },
    d: { e: { f: { x: 1 } }, g: { y: 2 } },
    h: { i: {}, z: 3 },
  });
});

Deno.test("parseToml() never repeats a text in the message of a fault", () => {
  for (
    const text of [
      'env = { TOKEN = "hunter2',
      'env = { TOKEN = "hunter2\\q" }',
      "env = { TOKEN = hunter2 }",
      "env = { TOKEN = 2020-99-99hunter2 }",
      'env = { TOKEN = """hunter2',
      "env = { TOKEN = 1hunter2 }",
      'env = { TOKEN = "x" hunter2',
    ]
  ) {
    assertFalse(faultOf(text).includes("hunter2"), faultOf(text));
  }
});

const scalar = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.stringMatching(/^["'{}[\],#=\\ \n]{0,12}$/),
  fc.integer(),
  fc.boolean(),
);
const key = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/),
  fc.string({ minLength: 1, maxLength: 5 }),
)
  .filter((name) => !(name in Object.prototype));
const { table } = fc.letrec<{ table: Record<string, unknown>; value: unknown }>((tie) => ({
  table: fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    tie("table"),
  ),
}));

Deno.test("parseToml() reads what stringify() writes", () => {
  fc.assert(fc.property(table, (value) => {
    assertEquals(valueOf(stringify(value)), JSON.parse(JSON.stringify(value)));
  }));
});

/** Writes a value inline, with `gap()` wherever a break may be. */
function inline(value: unknown, gap: () => string, lastComma: () => string): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => gap() + inline(item, gap, lastComma) + gap());
    return `[${items.join(",")}${items.length === 0 ? gap() : lastComma()}] `;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([name, part]) =>
    `${gap()}${JSON.stringify(name)} = ${inline(part, gap, lastComma)}${gap()}`
  );
  return `{${pairs.join(",")}${pairs.length === 0 ? gap() : lastComma()}}`;
}

Deno.test("parseToml() reads inline tables alike wherever their breaks and comments are", () => {
  const gaps = fc.infiniteStream(
    fc.constantFrom("", " ", "\n", "\r\n", " # it's } a \"comment\n", "\n\n\t"),
  );
  const commas = fc.infiniteStream(fc.constantFrom("", ",", ",\n", ", # last\n"));
  fc.assert(fc.property(table, gaps, commas, (value, gap, comma) => {
    const text = `a = ${
      inline(value, () => gap.next().value!, () => comma.next().value!)
    }\nlast = true\n`;
    assertEquals(valueOf(text), JSON.parse(JSON.stringify({ a: value, last: true })));
    assertEquals(tomlLines(text)(["last"]), text.split(/\r?\n/).length - 1);
  }));
});
