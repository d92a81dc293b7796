import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { idOfSafeName, safeName } from "../../src/home/safe_name.ts";
import { expectError } from "../store/expect_error.ts";

Deno.test("safeName() returns plain ids unchanged", () => {
  for (
    const id of ["a", "my-app", "0", "a.b_c-d", "console", "com", "com10", "idle", "a".repeat(255)]
  ) {
    assertEquals(safeName(id), id);
  }
});

Deno.test("safeName() encodes ids that a file system rejects or confuses with others", () => {
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

Deno.test("safeName() throws when the text is not well-formed Unicode", async () => {
  await expectError(() => safeName("a\ud800"), "config_invalid");
});

const ids = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(..."aAbB.-_ /\\:ünıİcon1id"), maxLength: 12 }),
  fc.constantFrom("con", "id-", "id-41", "a.", "com1.x", "AUX", "nul"),
);

Deno.test("safeName() returns a name that is valid on all file systems for any id", () => {
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

Deno.test("safeName() returns names that differ by more than case for different ids", () => {
  fc.assert(
    fc.property(ids, ids, (one, other) => {
      if (one === other) return;
      assertNotEquals(safeName(one).toLowerCase(), safeName(other).toLowerCase());
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("idOfSafeName() returns the id, or null when the name is a hash", () => {
  fc.assert(
    fc.property(ids, (id) => {
      const found = idOfSafeName(safeName(id));
      if (found === null) assert(safeName(id).startsWith("id-sha256-"));
      else assertEquals(found, id);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("idOfSafeName() returns null for names that safeName() never returns", () => {
  for (const name of ["id-4", "id-zz", "id-61", "id-C3", "id-ff", "Ab", ".DS_Store", "con", "a."]) {
    assertEquals(idOfSafeName(name), null, name);
  }
});
