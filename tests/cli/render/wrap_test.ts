import { assertEquals } from "@std/assert";
import { createColor } from "../../../src/cli/output/color.ts";
import { wrapText } from "../../../src/cli/render/wrap.ts";

Deno.test("wrapText() breaks between words when a line is full", () => {
  assertEquals(wrapText("one two three", 7), ["one two", "three"]);
});

Deno.test("wrapText() measures what is visible when words are styled", () => {
  const [one, two] = ["one", "two"].map((word) => createColor(true)("bold", word));
  assertEquals(wrapText(`${one} ${two} three`, 7), [`${one} ${two}`, "three"]);
});

Deno.test("wrapText() keeps line ends and long words", () => {
  assertEquals(wrapText("a\nb unbreakable", 4), ["a", "b", "unbreakable"]);
  assertEquals(wrapText("", 4), [""]);
});
