import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { isNewer } from "../../../src/app/supervisor/is_newer.ts";

Deno.test("isNewer() compares numbers, not texts", () => {
  assertEquals(isNewer("0.10.0", "0.9.9"), true);
  assertEquals(isNewer("1.0.0", "0.99.99"), true);
  assertEquals(isNewer("0.1.1", "0.1.0"), true);
  assertEquals(isNewer("0.9.9", "0.10.0"), false);
});

Deno.test("isNewer() orders pre-releases as https://semver.org does", () => {
  const ascending = ["1.2.2", "1.2.3-alpha", "1.2.3-rc.1", "1.2.3-rc.2", "1.2.3-rc.10", "1.2.3"];
  ascending.forEach((one, at) => {
    ascending.forEach((other, otherAt) => {
      assertEquals(isNewer(one, other), at > otherAt, `${one} is newer than ${other}`);
    });
  });
});

Deno.test("isNewer() is false both ways when two releases differ only in their build", () => {
  for (const [one, other] of [["1.2.3", "1.2.3"], ["1.2.3+a", "1.2.3+b"]] as const) {
    assertEquals([isNewer(one, other), isNewer(other, one)], [false, false]);
  }
});

Deno.test("isNewer() is false both ways when one of the two is not a semantic version", () => {
  for (const text of ["", "nightly", "1", "1.2", "2024-01-31", "01.2.3", "1.2.3.4"]) {
    assertEquals([isNewer(text, "0.1.0"), isNewer("0.1.0", text)], [false, false], text);
  }
});

Deno.test("isNewer() is never true both ways", () => {
  const part = fc.nat({ max: 3 });
  const suffix = fc.constantFrom("", "-rc.1", "-rc.2", "-1", "+build", "-rc.1+build");
  const version = fc.tuple(part, part, part, suffix)
    .map(([major, minor, patch, rest]) => `${major}.${minor}.${patch}${rest}`);
  fc.assert(fc.property(version, version, (one, other) => {
    assertEquals(isNewer(one, other) && isNewer(other, one), false);
  }));
});
