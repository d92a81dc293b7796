import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseContentRange } from "../../../src/resolve/download/content_range.ts";

Deno.test("parseContentRange() reads ranges with and without the total size", () => {
  assertEquals(parseContentRange("bytes 0-9/10"), { start: 0, end: 9, total: 10 });
  assertEquals(parseContentRange("Bytes 5-5/*"), { start: 5, end: 5, total: null });
});

Deno.test("parseContentRange() returns null when the header is not valid", () => {
  const headers = [null, "", "bytes */10", "bytes 9-0/10", "bytes 0-10/10", "items 0-9/10"];
  for (const header of headers) assertEquals(parseContentRange(header), null, String(header));
});

Deno.test("parseContentRange() returns a range within the total size, or null, for any text", () => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(), fc.nat(), fc.nat()).map(([a, b, c]) => `bytes ${a}-${b}/${c}`),
  );
  fc.assert(fc.property(header, (text) => {
    const range = parseContentRange(text);
    if (range === null) return;
    assert(0 <= range.start && range.start <= range.end);
    assert(range.total === null || range.end < range.total);
  }));
});
