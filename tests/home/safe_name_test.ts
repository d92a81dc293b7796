import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { idOfSafeName, safeName } from "../../src/home/safe_name.ts";
import { expectError } from "../store/expect_error.ts";

Deno.test("safeName() keeps plain ids as they are", () => {
  for (
    const id of ["a", "my-app", "0", "a.b_c-d", "console", "com", "com10", "idle", "a".repeat(255)]
  ) {
    assertEquals(safeName(id), id);
  }
});

Deno.test("safeName() encodes every id that some file system would take for another", () => {
  const expected: Record<string, string> = {
    "": "id-",
    "..": "id-2e2e",
    ".": "id-2e",
    ".git": "id-2e676974",
    "a/b": "id-612f62",
    "a\\b": "id-615c62",
    "A": "id-41",
    "CON": "id-434f4e",
    "con": "id-636f6e",
    "con.txt": "id-636f6e2e747874",
    "lpt9.a.b": "id-6c7074392e612e62",
    "a.": "id-612e",
    "a ": "id-6120",
    "id-61": "id-69642d3631",
    "Ünï": "id-c39c6ec3af",
    "-n": "id-2d6e",
    "a:b": "id-613a62",
    "a\0": "id-6100",
  };
  for (const [id, name] of Object.entries(expected)) assertEquals(safeName(id), name, id);
});

Deno.test("safeName() hashes an id whose encoding is too long for a file system", () => {
  for (const id of ["a".repeat(300), "A".repeat(127), "ü".repeat(64)]) {
    assertMatch(safeName(id), /^id-sha256-[0-9a-f]{64}$/);
    assertEquals(idOfSafeName(safeName(id)), null);
  }
  assertEquals(safeName("A".repeat(126)).length, 255);
  assertNotEquals(safeName("a".repeat(300)), safeName("a".repeat(301)));
});

Deno.test("safeName() refuses text that is not Unicode", async () => {
  await expectError(() => safeName("a\ud800"), "config_invalid");
});

const ids = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(..."aAbB.-_ /\\:ünıİcon1id"), maxLength: 12 }),
  fc.constantFrom("con", "id-", "id-41", "a.", "com1.x", "AUX", "nul"),
);

Deno.test("safeName() gives a name that every file system takes, for any id", () => {
  fc.assert(
    fc.property(ids, (id) => {
      const name = safeName(id);
      assertMatch(name, /^[a-z0-9][a-z0-9._-]*$/);
      assert(name.length <= 255 && !name.endsWith("."));
      assert(!/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/.test(name));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("safeName() gives different ids different names, whatever the case", () => {
  fc.assert(
    fc.property(ids, ids, (one, other) => {
      if (one === other) return;
      assertNotEquals(safeName(one).toLowerCase(), safeName(other).toLowerCase());
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("idOfSafeName() finds the id again, or says that it cannot", () => {
  fc.assert(
    fc.property(ids, (id) => {
      const found = idOfSafeName(safeName(id));
      if (found === null) assert(safeName(id).startsWith("id-sha256-"));
      else assertEquals(found, id);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("idOfSafeName() knows no id for a name that hale never gives", () => {
  for (const name of ["id-4", "id-zz", "id-61", "id-C3", "id-ff", "Ab", ".DS_Store", "con", "a."]) {
    assertEquals(idOfSafeName(name), null, name);
  }
});
