import { assertEquals } from "@std/assert";
import { trimEnd } from "../../src/text/trim_end.ts";

Deno.test("trimEnd() removes the characters at the end only", () => {
  const cases = [
    ["https://a.example//", "/", "https://a.example"],
    ["//a//b", "/", "//a//b"],
    ["///", "/", ""],
    ["", "/", ""],
    ["php-fpm8.2", "0123456789.", "php-fpm"],
    ["8.2", "0123456789.", ""],
  ] as const;
  for (const [text, characters, expected] of cases) {
    assertEquals(trimEnd(text, characters), expected);
  }
});
