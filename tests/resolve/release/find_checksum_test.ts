import { assertEquals, assertThrows } from "@std/assert";
import { findChecksum } from "../../../src/resolve/release/find_checksum.ts";
import { ChecksumListError } from "../../../src/resolve/release/checksum_list.ts";

const A = "a1".repeat(32);
const B = "b2".repeat(32);

Deno.test("findChecksum() prefers the exact name to a path that ends in it", () => {
  assertEquals(findChecksum(`${B}  old/tool.zip\n${A}  tool.zip\n`, "tool.zip"), A);
  assertEquals(findChecksum(`SHA256 (tool.zip) = ${A}\n`, "tool.zip"), A);
});

Deno.test("findChecksum() finds a file by a path that ends in its name", () => {
  assertEquals(findChecksum(`${A}  ./dist/release/tool.zip\n${B}  x\n`, "tool.zip"), A);
  assertEquals(findChecksum(`${A} *C:\\build\\tool.zip\n`, "tool.zip"), A);
  assertEquals(findChecksum(`${A}  one/tool\n${A}  two/tool\n`, "tool"), A);
  assertEquals(findChecksum(`${A}  my-tool.zip\n`, "tool.zip"), null);
});

Deno.test("findChecksum() throws when paths that end in the name have different checksums", () => {
  const text = `${A}  linux/tool\n${B}  darwin/tool\n`;
  const error = assertThrows(() => findChecksum(text, "tool"), ChecksumListError);
  assertEquals(error.message, "it has different checksums for linux/tool and darwin/tool");
});

Deno.test("findChecksum() takes a checksum without a name only when there is no other", () => {
  assertEquals(findChecksum(`${A.toUpperCase()}\r\n`, "tool.zip"), A);
  assertEquals(findChecksum(`${A}  -\n`, "tool.zip"), A);
  assertEquals(findChecksum(`${A}\n${B}  other\n`, "tool.zip"), null);
  assertEquals(findChecksum(`${A}  -\n${B}  other\n`, "tool.zip"), null);
  assertThrows(
    () => findChecksum(`${A}\n${B}\n`, "tool.zip"),
    ChecksumListError,
    "without a file name",
  );
});

Deno.test("findChecksum() reads the output of PowerShell's Get-FileHash", () => {
  const list = `\r\nAlgorithm : SHA256\r\nHash      : ${A.toUpperCase()}\r\n` +
    "Path      : C:\\a\\tool\\target\\tool.zip\r\n\r\n";
  assertEquals(findChecksum(list, "tool.zip"), A);
  const table = "\r\nAlgorithm       Hash                Path\r\n---------       ----   ----\r\n" +
    `SHA256          ${A.toUpperCase()}       C:\\a\\tool.zip\r\n`;
  assertEquals(findChecksum(table, "tool.zip"), A);
  assertEquals(findChecksum(table, "other.zip"), null);
});

Deno.test("findChecksum() takes the only checksum of a file's own list under any name", () => {
  const taken = [`${A}  dist/other.zip\n`, `SHA256 (other.zip) = ${A}\n`, `${A}  x\n${A}  y\n`];
  for (const text of taken) {
    assertEquals(findChecksum(text, "tool.zip", { isOwn: true }), A);
    assertEquals(findChecksum(text, "tool.zip"), null);
  }
  assertEquals(findChecksum(`${A}  x\n${B}  y\n`, "tool.zip", { isOwn: true }), null);
  assertEquals(findChecksum(`${A}  x\n${B}  tool.zip\n`, "tool.zip", { isOwn: true }), B);
});
