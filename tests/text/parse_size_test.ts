import { assertEquals } from "@std/assert";
import { parseSize } from "../../src/text/parse_size.ts";

Deno.test("parseSize() uses powers of 1000 for KB, MB, GB and of 1024 for KiB, MiB, GiB", () => {
  assertEquals(parseSize("100B"), 100);
  assertEquals(parseSize("512KB"), 512_000);
  assertEquals(parseSize("512KiB"), 524_288);
  assertEquals(parseSize("3MB"), 3_000_000);
  assertEquals(parseSize("10MiB"), 10_485_760);
  assertEquals(parseSize("1GB"), 1_000_000_000);
  assertEquals(parseSize("1GiB"), 1_073_741_824);
});

Deno.test("parseSize() returns null when the text is not a whole number with a unit", () => {
  for (const text of ["", "10", "10 MiB", "1.5GiB", "-1B", "10mb", "10M", "10BiB", "1TB"]) {
    assertEquals(parseSize(text), null, text);
  }
});

Deno.test("parseSize() returns null when the size is above 2^53 - 1 bytes", () => {
  assertEquals(parseSize("9007199254740991B"), Number.MAX_SAFE_INTEGER);
  assertEquals(parseSize("9007199254740992B"), null);
  assertEquals(parseSize("99999999999GiB"), null);
});
