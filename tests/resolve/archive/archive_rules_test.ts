import { assert, assertEquals, assertThrows } from "@std/assert";
import { posix } from "node:path";
import fc from "fast-check";
import { ArchiveError } from "../../../src/resolve/archive/archive_error.ts";
import { ArchiveRules, type RuledEntry } from "../../../src/resolve/archive/archive_rules.ts";
import { memberPath } from "../../../src/resolve/archive/member_path.ts";

const rules = (os: "linux" | "darwin" | "windows" = "linux") =>
  new ArchiveRules({ packedSize: 1000, os });
const file = (name: string): RuledEntry => ({ name, kind: "file", link: "" });

Deno.test("memberPath() normalizes paths inside the archive and refuses others", () => {
  assertEquals(memberPath("./a//b/./c", "linux"), "a/b/c");
  assertEquals(memberPath("./", "linux"), "");
  assertEquals(memberPath("..a/b..", "linux"), "..a/b..");
  for (const name of ["..", "a/..", "/a", "//a", "C:\\a", "c:a", "a\\b", "a\0b", "a\nb"]) {
    assertEquals(memberPath(name, "linux"), null, name);
  }
});

Deno.test("memberPath() refuses names that Windows reserves, on Windows only", () => {
  for (const name of ["CON", "a/nul.txt", "com1", "a.", "a ", "file:stream", "a?", "a*b", "a|b"]) {
    assertEquals(memberPath(name, "windows"), null, name);
    assertEquals(memberPath(name, "linux"), name);
  }
});

Deno.test("ArchiveRules.admit() treats two spellings as one file when the system does", () => {
  for (const [one, other] of [["Tool", "tool"], ["\u00e9", "e\u0301"]] as const) {
    for (const os of ["darwin", "windows"] as const) {
      const strict = rules(os);
      strict.admit(file(one));
      assertThrows(() => strict.admit(file(other)), ArchiveError, "twice");
    }
    const linux = rules();
    assertEquals([linux.admit(file(one)), linux.admit(file(other))], [one, other]);
  }
});

Deno.test("ArchiveRules.admit() accepts a folder more than once", () => {
  const folders = rules();
  const folder = (name: string): RuledEntry => ({ name, kind: "folder", link: "" });
  assertEquals(["./", "a/", "a", "a/b/", "a/"].map((name) => folders.admit(folder(name))), [
    "",
    "a",
    "a",
    "a/b",
    "a",
  ]);
});

const part = fc.constantFrom("..", ".", "", "a", "b", "c", "A", "é", "CON", "x\\y", "\0");
const path = fc.array(part, { minLength: 1, maxLength: 6 }).chain((parts) =>
  fc.constantFrom(parts.join("/"), `/${parts.join("/")}`, `C:${parts.join("/")}`)
);
const entry = fc.record({
  name: path,
  kind: fc.constantFrom(
    "file" as const,
    "folder" as const,
    "symlink" as const,
    "hardlink" as const,
  ),
  link: path,
});

Deno.test("ArchiveRules.admit() refuses entries outside the folder, duplicates, and paths through a link", () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 12 }), (entries) => {
      const strict = rules();
      const kinds = new Map<string, RuledEntry["kind"]>();
      for (const one of entries) {
        let path: string;
        try {
          path = strict.admit(one);
        } catch (error) {
          assert(error instanceof ArchiveError);
          continue;
        }
        const absolute = posix.resolve("/into", path);
        assert(absolute === "/into" || absolute.startsWith("/into/"), path);
        assertEquals(path, posix.relative("/into", posix.resolve("/into", one.name)));
        if (one.kind !== "folder") assert(!kinds.has(path), `${path} twice`);
        for (let above = posix.dirname(path); above !== "."; above = posix.dirname(above)) {
          assert((kinds.get(above) ?? "folder") === "folder", `${path} through ${above}`);
        }
        if (one.kind === "symlink") {
          const target = posix.resolve("/into", posix.dirname(path), one.link);
          assert(target === "/into" || target.startsWith("/into/"), one.link);
        }
        kinds.set(path, one.kind);
      }
    }),
    { numRuns: 2_000 },
  );
});
