import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { LineSplitter, MAX_LINE_BYTES } from "../../src/files/line_splitter.ts";

Deno.test("LineSplitter returns the same lines for any division into blocks", () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab ü🦀\n\n") });
  const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
  fc.assert(fc.property(text, cuts, (text, cuts) => {
    const bytes = new TextEncoder().encode(text);
    const splitter = new LineSplitter();
    const lines: string[] = [];
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const next = at + cuts[turn % cuts.length]!;
      lines.push(...splitter.push(bytes.subarray(at, next)));
      at = next;
    }
    const expected = text.split("\n");
    const pending = expected.pop()!;
    assertEquals(lines, expected);
    assertEquals(splitter.pendingBytes, new TextEncoder().encode(pending).length);
    assertEquals(splitter.takePending(), pending);
    assertEquals(splitter.pendingBytes, 0);
  }));
});

Deno.test("LineSplitter removes a carriage return only before a newline", () => {
  const splitter = new LineSplitter();
  assertEquals(splitter.push(new TextEncoder().encode("a\r\n1%\r2%\r\n\r\n")), ["a", "1%\r2%", ""]);
});

Deno.test("LineSplitter keeps a line when it is not UTF-8", () => {
  const splitter = new LineSplitter();
  assertEquals(splitter.push(new Uint8Array([0x61, 0xff, 0x62, 0x0a, 0x63, 0x0a])), [
    "a\ufffdb",
    "c",
  ]);
});

Deno.test("LineSplitter cuts a long line, shows how many bytes are missing, and continues after it", () => {
  const splitter = new LineSplitter();
  const block = new Uint8Array(50_000).fill(0x78);
  for (let round = 0; round < 100; round++) assertEquals(splitter.push(block), []);
  const lines = splitter.push(new TextEncoder().encode("\nnext\n"));
  const missing = 5_000_000 - MAX_LINE_BYTES;
  assertEquals(lines, [`${"x".repeat(MAX_LINE_BYTES)} … (${missing} more bytes)`, "next"]);
});
