import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  ChecksumListError,
  parseChecksumList,
} from "../../../src/resolve/release/checksum_list.ts";

const A = "a1".repeat(32);
const B = "b2".repeat(32);

function assertParses(text: string, expected: Record<string, string>) {
  assertEquals(Object.fromEntries(parseChecksumList(text)), expected);
}

Deno.test("parseChecksumList() reads the output of sha256sum", () => {
  assertParses(`${A}  one\n${B} *two\n`, { one: A, two: B });
});

Deno.test("parseChecksumList() reads the output of BSD's sha256 and of OpenSSL", () => {
  assertParses(`SHA256 (one (1)) = ${A}\nSHA2-256(two)= ${B}\n`, { "one (1)": A, two: B });
});

Deno.test("parseChecksumList() ignores other algorithms, comments, blank lines and signatures", () => {
  const text = `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n# release 1\n` +
    `SHA512 (one) = ${A}${B}\n${A}${B}  one\n${A}  one\n-----BEGIN PGP SIGNATURE-----\niQ==\n`;
  assertParses(text, { one: A });
});

Deno.test("parseChecksumList() reads CRLF, a byte order mark, upper case, tabs and ./", () => {
  assertParses(`\uFEFF${A.toUpperCase()}  ./one\r\n${B}\t*././two\r\n`, { one: A, two: B });
});

Deno.test("parseChecksumList() keeps spaces inside names", () => {
  assertParses(`${A}  my file 1.0 .exe \n`, { "my file 1.0 .exe": A });
});

Deno.test("parseChecksumList() unescapes a line that starts with a backslash", () => {
  assertParses(`\\${A}  back\\\\slash\\nline\n`, { "back\\slash\nline": A });
});

Deno.test("parseChecksumList() accepts names of JavaScript's object properties", () => {
  assertEquals(parseChecksumList(`${A}  __proto__\n`).get("__proto__"), A);
  assertEquals(parseChecksumList(`${A}  one\n`).get("constructor"), undefined);
});

Deno.test("parseChecksumList() accepts duplicates that agree", () => {
  assertParses(`${A}  one\n${A.toUpperCase()} *./one\nSHA256 (one) = ${A}\n`, { one: A });
});

Deno.test("parseChecksumList() refuses a web page", () => {
  assertThrows(
    () => parseChecksumList("<!doctype html>\n<title>Log in</title>\n"),
    Error,
    "it is a web page (HTML), not a checksum file",
  );
});

Deno.test("parseChecksumList() throws when duplicates conflict", () => {
  const error = assertThrows(
    () => parseChecksumList(`${A}  one\n${B}  ./one\n`),
    ChecksumListError,
  );
  assertEquals(error.message, `it has two different checksums for one: ${A} and ${B}`);
});

Deno.test("parseChecksumList() reports a web page", () => {
  for (
    const page of [
      "<!DOCTYPE html><html>",
      "\n<!-- x -->\n<HTML lang=en>",
      "\uFEFF<head>",
      "<!-- cut",
    ]
  ) {
    const error = assertThrows(() => parseChecksumList(page), ChecksumListError);
    assertStringIncludes(error.message, "HTML");
  }
});

Deno.test("parseChecksumList() reads hashes with their algorithm in front", () => {
  assertParses(`sha256:${A}  one\nSHA256:${B}\n`, { one: A, "": B });
});

Deno.test("parseChecksumList() reads JSON", () => {
  const cases: readonly (readonly [unknown, Record<string, string>])[] = [
    [{ sha256: A }, { "": A }],
    [{ one: A, two: B.toUpperCase() }, { one: A, two: B }],
    [{ one: { sha256: A, size: 1 }, two: { sha256: B } }, { one: A, two: B }],
    [[{ filename: "one", sha256: A }, { name: "two", sha256: B }], { one: A, two: B }],
    [{ version: "1", files: [{ path: "./one", sha256: A }] }, { one: A }],
    // As GitHub's API lists the assets of a release.
    [{ assets: [{ name: "one", digest: `sha256:${A}` }, { name: "x", digest: null }] }, { one: A }],
    [{ url: "https://a.example/dist/one?x=1", sha256: A }, { one: A }],
  ];
  for (const [value, expected] of cases) assertParses(JSON.stringify(value, null, 2), expected);
  assertThrows(
    () => parseChecksumList(JSON.stringify({ message: "Not Found" })),
    ChecksumListError,
    "it contains no SHA-256 checksum",
  );
  assertThrows(
    () => parseChecksumList(JSON.stringify([{ name: "one", sha256: A }, { one: B }])),
    ChecksumListError,
    "two different checksums for one",
  );
  assertThrows(() => parseChecksumList(`${"[".repeat(50)}"${A}"`), ChecksumListError);
});

Deno.test("parseChecksumList() names the algorithms of a list without SHA-256", () => {
  const md5 = A.slice(0, 32);
  const cases = [
    [`${A}${B}  one\n`, "only SHA-512"],
    [`SHA512 (one) = ${A}${B}\n`, "only SHA-512"],
    [`${md5}  one\n${A.slice(0, 40)}  one\n`, "only MD5 and SHA-1"],
  ] as const;
  for (const [text, says] of cases) {
    const error = assertThrows(() => parseChecksumList(text), ChecksumListError);
    assertEquals(error.message, `it contains no SHA-256 checksum, ${says}`);
  }
});

Deno.test("parseChecksumList() throws when the text has no checksum", () => {
  for (const text of ["", "\n", "hello\n", `${A.slice(1)}  one\n`, `${A}0  one\n`]) {
    const error = assertThrows(() => parseChecksumList(text), ChecksumListError);
    assertEquals(error.message, "it contains no SHA-256 checksum");
  }
});

const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
const name = fc.stringMatching(/^[A-Za-z0-9_+()=-]([A-Za-z0-9 ._+()=*/-]{0,20}[A-Za-z0-9_+-])?$/);
const entries = fc.uniqueArray(fc.tuple(name, hash), {
  selector: ([name]) => name,
  minLength: 1,
  maxLength: 8,
});
const style = fc.record({
  bsd: fc.boolean(),
  binary: fc.boolean(),
  dot: fc.boolean(),
  upper: fc.boolean(),
  end: fc.constantFrom("\n", "\r\n"),
  comment: fc.constantFrom("", "# comment\n", "\n"),
});

Deno.test("parseChecksumList() finds every entry in any mix of formats", () => {
  const lines = fc.tuple(entries, fc.array(style, { minLength: 8, maxLength: 8 }), fc.boolean());
  fc.assert(fc.property(lines, ([entries, styles, bom]) => {
    const text = entries.map(([name, hash], index) => {
      const { bsd, binary, dot, upper, end, comment } = styles[index]!;
      const written = upper ? hash.toUpperCase() : hash;
      const path = dot ? `./${name}` : name;
      const line = bsd
        ? `SHA256 (${path}) = ${written}`
        : `${written} ${binary ? "*" : " "}${path}`;
      return comment + line + end;
    });
    assertEquals(
      new Map(parseChecksumList((bom ? "\uFEFF" : "") + text.join(""))),
      new Map(entries),
    );
  }));
});

Deno.test("parseChecksumList() returns checksums or throws a ChecksumListError for any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    try {
      for (const sha256 of parseChecksumList(text).values()) assertEquals(sha256.length, 64);
    } catch (error) {
      if (!(error instanceof ChecksumListError)) throw error;
    }
  }));
});
