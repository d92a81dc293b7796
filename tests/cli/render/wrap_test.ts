import { assertEquals } from "@std/assert";
import { wrapText } from "../../../src/cli/render/wrap.ts";

Deno.test("wrapText() breaks between words when a line is full", () => {
  assertEquals(wrapText("one two three", 7), ["one two", "three"]);
});

Deno.test("wrapText() measures what is visible when words are styled", () => {
  assertEquals(wrapText("\x1b[1mone\x1b[22m \x1b[1mtwo\x1b[22m three", 7), [
    "\x1b[1mone\x1b[22m \x1b[1mtwo\x1b[22m",
    "three",
  ]);
});

Deno.test("wrapText() keeps line ends and long words", () => {
  assertEquals(wrapText("a\nb unbreakable", 4), ["a", "b", "unbreakable"]);
  assertEquals(wrapText("", 4), [""]);
});
