import { assertEquals } from "@std/assert";
import { retryAfter } from "../../../src/resolve/download/retry_after.ts";

const NOW = Date.parse("2026-11-21T10:00:00Z");

Deno.test("retryAfter() reads seconds and dates", () => {
  assertEquals(retryAfter("0", NOW), 0);
  assertEquals(retryAfter(" 120 ", NOW), 120_000);
  assertEquals(retryAfter("Sat, 21 Nov 2026 10:00:30 GMT", NOW), 30_000);
  assertEquals(retryAfter("Sat, 21 Nov 2026 09:00:00 GMT", NOW), 0);
});

Deno.test("retryAfter() returns null when the header is not valid", () => {
  for (const header of [null, "", "soon", "-5", "1.5", "12 monkeys"]) {
    assertEquals(retryAfter(header, NOW), null, String(header));
  }
});
