import { assertEquals, assertThrows } from "@std/assert";
import { findChecksum } from "../../../src/resolve/release/find_checksum.ts";
import { ChecksumListError } from "../../../src/resolve/release/checksum_list.ts";

const A = "a1".repeat(32);
const B = "b2".repeat(32);

Deno.test("findChecksum() finds a file by its name, before any path that ends in it", () => {
  assertEquals(findChecksum(`${B}  old/tool.zip\n${A}  tool.zip\n`, "tool.zip"), A);
  assertEquals(findChecksum(`SHA256 (tool.zip) = ${A}\n`, "tool.zip"), A);
});

Deno.test("findChecksum() finds a file by a path that ends in its name", () => {
  assertEquals(findChecksum(`${A}  ./dist/release/tool.zip\n${B}  x\n`, "tool.zip"), A);
  assertEquals(findChecksum(`${A} *C:\\build\\tool.zip\n`, "tool.zip"), A);
  assertEquals(findChecksum(`${A}  one/tool\n${A}  two/tool\n`, "tool"), A);
  assertEquals(findChecksum(`${A}  my-tool.zip\n`, "tool.zip"), null);
});

Deno.test("findChecksum() refuses to choose when paths that end in the name differ", () => {
  const text = `${A}  linux/tool\n${B}  darwin/tool\n`;
  const error = assertThrows(() => findChecksum(text, "tool"), ChecksumListError);
  assertEquals(error.message, "it gives different checksums for linux/tool and darwin/tool");
});

Deno.test("findChecksum() takes a checksum without a name when it is the only one", () => {
  assertEquals(findChecksum(`${A.toUpperCase()}\r\n`, "tool.zip"), A);
  assertEquals(findChecksum(`${A}\n${B}  other\n`, "tool.zip"), null);
  assertThrows(
    () => findChecksum(`${A}\n${B}\n`, "tool.zip"),
    ChecksumListError,
    "no file by name",
  );
});

Deno.test("findChecksum() reads what PowerShell's Get-FileHash writes", () => {
  const list = `\r\nAlgorithm : SHA256\r\nHash      : ${A.toUpperCase()}\r\n` +
    "Path      : C:\\a\\tool\\target\\tool.zip\r\n\r\n";
  assertEquals(findChecksum(list, "tool.zip"), A);
  const table = "\r\nAlgorithm       Hash                Path\r\n---------       ----   ----\r\n" +
    `SHA256          ${A.toUpperCase()}       C:\\a\\tool.zip\r\n`;
  assertEquals(findChecksum(table, "tool.zip"), A);
  assertEquals(findChecksum(table, "other.zip"), null);
});
