import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { parseDuration } from "../../src/text/parse_duration.ts";
import { formatDuration } from "../../src/text/format_duration.ts";

Deno.test("formatDuration() uses the usual unit", () => {
  const written = ["0ms", "1ms", "250ms", "1s", "1500ms", "60s", "90s", "2m", "1h", "90m", "24h"];
  assertEquals(written.map((text) => formatDuration(parseDuration(text)!)), written);
});

Deno.test("formatDuration() returns a text that parseDuration() reads as the same time", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (ms) => {
    assertEquals(parseDuration(formatDuration(ms)), ms);
  }));
});
