import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { printable, printableJson } from "../../src/text/printable.ts";

Deno.test("printable() escapes what acts on a terminal and keeps the rest", () => {
  assertEquals(printable("a\tb\nGröße 日本 👩‍👩‍👧"), "a\tb\nGröße 日本 👩‍👩‍👧");
  assertEquals(printable("\x1b]52;c;eA==\x07"), "\\x1b]52;c;eA==\\x07");
  assertEquals(
    printable("\0\r\x7f\x9b\u2028\u202e\u2066"),
    "\\x00\\x0d\\x7f\\x9b\\u2028\\u202e\\u2066",
  );
});

Deno.test("printableJson() means the same and has no control characters", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, text) => {
    const both = { value, text: `${text}\x9b\u202e\x7f` };
    for (const indent of [0, 2]) {
      const json = printableJson(both, indent);
      assertEquals(JSON.parse(json), JSON.parse(JSON.stringify(both)));
      assert(json.replaceAll("\n", "") === printable(json.replaceAll("\n", "")));
    }
  }));
});
