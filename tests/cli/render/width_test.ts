import { assertEquals } from "@std/assert";
import { createColor } from "../../../src/cli/output/color.ts";
import { displayWidth } from "../../../src/cli/render/width.ts";

const CASES: readonly (readonly [text: string, width: number])[] = [
  ["", 0],
  ["abc", 3],
  [createColor(true)("bold", createColor(true)("red", "abc")), 3],
  ["a\x1b[1m", 8],
  ["Größe", 5],
  ["e\u0301", 1],
  ["日本", 4],
  ["한국", 4],
  ["Ａ", 2],
  ["👍🏽", 2],
  ["👩‍👩‍👧", 2],
  ["❤️", 2],
  ["✓ │ ━", 5],
  ["a\u200bb", 2],
];

for (const [text, width] of CASES) {
  Deno.test(`displayWidth() is ${width} when the text is ${JSON.stringify(text)}`, () => {
    assertEquals(displayWidth(text), width);
  });
}
