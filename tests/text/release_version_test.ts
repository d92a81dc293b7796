import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { isVersion } from "../../src/text/release_version.ts";

Deno.test("isVersion() accepts the versions that vendors use", () => {
  for (const text of ["2.3.19", "v1", "1.0.0-rc.1+b5", "2024-01-31", "1.0~beta", "Ünï", "٣"]) {
    assertEquals(isVersion(text), true, text);
  }
});

Deno.test("isVersion() rejects texts that could escape a path or URL, and long ones", () => {
  const bad = [
    "",
    ".",
    "..",
    "-1",
    "a/b",
    "..\\x",
    "1 2",
    "1\n",
    "1\0",
    "1\u0085",
    "x".repeat(101),
  ];
  for (const text of bad) assertEquals(isVersion(text), false, JSON.stringify(text));
});

Deno.test("isVersion() is false for any text with a path separator", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    if (isVersion(text)) assertEquals(/[\s/\\]|^[.-]/.test(text), false);
  }));
});
