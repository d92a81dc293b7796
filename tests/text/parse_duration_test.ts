import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { parseDuration } from "../../src/text/parse_duration.ts";

Deno.test("parseDuration() reads each unit", () => {
  assertEquals(parseDuration("250ms"), 250);
  assertEquals(parseDuration("5s"), 5000);
  assertEquals(parseDuration("2m"), 120_000);
  assertEquals(parseDuration("1h"), 3_600_000);
  assertEquals(parseDuration("0s"), 0);
});

Deno.test("parseDuration() returns null when the text is not a whole number with a unit", () => {
  for (
    const text of ["", "5", "s", "5 s", " 5s", "5s ", "-5s", "1.5s", "5S", "5sec", "1d", "1m30s"]
  ) {
    assertEquals(parseDuration(text), null, text);
  }
});

Deno.test("parseDuration() returns null when the time is too long for a timer", () => {
  assertEquals(parseDuration("2147483647ms"), 2147483647);
  assertEquals(parseDuration("2147483648ms"), null);
  assertEquals(parseDuration("9999999999999999999h"), null);
});

Deno.test("parseDuration() returns whole milliseconds or null for any text", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,12}(ms|s|m|h)$/)), (text) => {
      const ms = parseDuration(text);
      assertEquals(ms === null || (Number.isSafeInteger(ms) && ms >= 0), true);
    }),
  );
});
