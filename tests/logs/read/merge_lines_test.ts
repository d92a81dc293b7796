import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { mergeLines } from "../../../src/logs/read/merge_lines.ts";

Deno.test("mergeLines() sorts by time and keeps the order when times are equal", () => {
  const sequences = fc.array(fc.array(fc.nat(20)), { maxLength: 5 });
  fc.assert(fc.property(sequences, (times) => {
    const all = times.map((each, from) =>
      each.toSorted((a, b) => a - b).map((at, index) => ({ at, from, index }))
    );
    const expected = all.flat().toSorted((a, b) => a.at - b.at);
    assertEquals([...mergeLines(all.map((each) => each.values()))], expected);
  }));
});
