import { assertEquals } from "@std/assert";
import { isNewer } from "../../../src/app/supervisor/is_newer.ts";

Deno.test("isNewer() compares numbers and not texts", () => {
  assertEquals(isNewer("0.10.0", "0.9.9"), true);
  assertEquals(isNewer("1.0.0", "0.99.99"), true);
  assertEquals(isNewer("0.1.1", "0.1.0"), true);
  assertEquals(isNewer("0.9.9", "0.10.0"), false);
});

Deno.test("isNewer() replaces nothing in turns when releases are equal but for a suffix", () => {
  for (
    const [one, other] of [["1.2.3", "1.2.3"], ["1.2.3-rc.1", "1.2.3"], ["1.2.3+a", "1.2.3+b"]]
  ) {
    assertEquals([isNewer(one!, other!), isNewer(other!, one!)], [false, false]);
  }
});
