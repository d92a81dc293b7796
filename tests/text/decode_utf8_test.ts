import { assertEquals } from "@std/assert";
import { decodeUtf8, isUtf8 } from "../../src/text/decode_utf8.ts";

const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

Deno.test("decodeUtf8() returns the text, or the first line that is not UTF-8", () => {
  assertEquals(decodeUtf8(new TextEncoder().encode("a\nÜ\ufffd\n")), { text: "a\nÜ\ufffd\n" });
  assertEquals(decodeUtf8(bytes("a=1\nb=\xff\nc=\xff")), { wrongLine: 2, line: "b=\ufffd" });
  assertEquals(decodeUtf8(bytes("\xc3")), { wrongLine: 1, line: "\ufffd" });
  assertEquals(decodeUtf8(bytes("a\n\n\xc3\n\x9c")), { wrongLine: 3, line: "\ufffd" });
});

Deno.test("isUtf8() is true for valid text only", () => {
  assertEquals([bytes("a"), bytes("\xc3\x9c"), bytes("\xc3")].map(isUtf8), [true, true, false]);
});
