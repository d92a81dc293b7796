import { assertEquals } from "@std/assert";
import { stripAnsi } from "../../src/text/strip_ansi.ts";

Deno.test("stripAnsi() removes escape sequences and nothing else", () => {
  const cases: [string, string][] = [
    ["plain [1m] text", "plain [1m] text"],
    ["\x1b[2mready in \x1b[0m\x1b[1m129\x1b[22m ms", "ready in 129 ms"],
    ["\x1b[38;2;255;0;0mred\x1b[m\x1b[K", "red"],
    ["\x9b31mC1\x9b0m", "C1"],
    ["\x1b]8;;http://127.0.0.1/\x1b\\link\x1b]8;;\x07", "link"],
    ["\x1b]0;title\x07listening", "listening"],
    ["\x1b(Bascii\x1b7\x1b8", "ascii"],
    ["\x1b[2", "\x1b[2"],
    ["üñí\x1b[1m☃", "üñí☃"],
  ];
  for (const [text, expected] of cases) assertEquals(stripAnsi(text), expected);
});

Deno.test("stripAnsi() is linear when sequences do not end", () => {
  const texts = [
    "\x1b]".repeat(500_000),
    "\x1b[" + "0".repeat(1_000_000),
    "\x1b".repeat(1_000_000),
  ];
  for (const text of texts) assertEquals(stripAnsi(text).length, text.length);
});
