import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { join, normalize } from "@std/path";
import fc from "fast-check";
import {
  artifactFolder,
  cacheEntry,
  executablePath,
  pathSegment,
} from "../../../src/resolve/cache/cache_entry.ts";
import { LINUX } from "../release_fixture.ts";

Deno.test("cacheEntry() keeps plain names and versions as they are", () => {
  const entry = cacheEntry("/c", { name: "rivet-engine", version: "2.3.19-rc.1+b5" }, LINUX);
  const folder = join("/c", "rivet-engine", "2.3.19-rc.1+b5", "linux-amd64");
  assertEquals(entry.folder, folder);
  assertEquals(
    artifactFolder(entry, "0123456789abcdef".repeat(4)),
    join(folder, "0123456789abcdef"),
  );
  assertEquals(entry.lock, `${folder}.lock`);
});

Deno.test("executablePath() ends in .exe when the target is Windows", () => {
  const target = { os: "windows", arch: "amd64" } as const;
  assertEquals(executablePath({ name: "e" }, { bin: null }, target), "e.exe");
  assertEquals(executablePath({ name: "e" }, { bin: null }, LINUX), "e");
});

Deno.test("executablePath() separates archive members from the record", () => {
  assertEquals(executablePath({ name: "e" }, { bin: ".record.json" }, LINUX), "files/.record.json");
  assertMatch(executablePath({ name: ".record.json" }, { bin: null }, LINUX), /^id-/);
});

Deno.test("pathSegment() encodes names that some system treats specially", () => {
  const names = ["..", ".", "", "a/b", "a\\b", "CON", "con", "nul.txt", "A", "x.", "Ünï", "id-61"];
  for (const name of names) {
    assertMatch(pathSegment(name), /^id-[0-9a-f]*$/);
    assertNotEquals(pathSegment(name), name);
  }
});

Deno.test("pathSegment() returns a unique plain segment for any text", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("..", "a/../b", "A", "a"));
  fc.assert(fc.property(text, text, (one, other) => {
    const segment = pathSegment(one);
    assertMatch(segment, /^[a-z0-9][a-z0-9._+-]*$/);
    assertEquals(normalize(join("/c", segment, "x")), join("/c", segment, "x"));
    if (one.isWellFormed() && other.isWellFormed() && one !== other) {
      assert(segment.toLowerCase() !== pathSegment(other).toLowerCase());
    }
  }));
});
