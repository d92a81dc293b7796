import { assertEquals } from "@std/assert";
import { parseContentLength } from "../../../src/resolve/download/content_length.ts";

Deno.test("parseContentLength() returns a whole number, also if it is repeated", () => {
  for (
    const [header, length] of [
      ["0", 0],
      [" 41 ", 41],
      ["41, 41", 41],
      ["41,41,41", 41],
      [String(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER],
    ] as const
  ) assertEquals(parseContentLength(header), length, header);
});

Deno.test("parseContentLength() returns null for everything else", () => {
  for (
    const header of [
      ...["", ",", "41,", "41, 42", "-1", "+1", "4e1", "0x29", "1.5", "NaN", "4 1"],
      String(Number.MAX_SAFE_INTEGER + 1),
      "9".repeat(30),
    ]
  ) assertEquals(parseContentLength(header), null, header);
});
