import { assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { formatCursor, parseCursor } from "../../../src/store/events/event_cursor.ts";
import { expectError } from "../expect_error.ts";

Deno.test("parseCursor() reads the result of formatCursor() for any runtime", () => {
  const ids = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 1 });
  fc.assert(fc.property(fc.string({ unit: "binary" }), ids, (runtimeId, id) => {
    assertEquals(parseCursor(formatCursor(runtimeId, id), runtimeId), id);
    assertEquals(parseCursor(formatCursor(`${runtimeId}:9`, id), `${runtimeId}:9`), id);
  }));
});

Deno.test("formatCursor() contains the id of the next event", () => {
  assertEquals(formatCursor("app", 0), "app:1");
  assertEquals(parseCursor("app:42", "app"), 41);
});

Deno.test("parseCursor() throws when the cursor belongs to any other runtime", async () => {
  await fc.assert(fc.asyncProperty(fc.string(), fc.string(), async (one, other) => {
    if (one === other) return;
    await expectError(() => parseCursor(formatCursor(one, 1), other), "wrong_runtime_cursor");
  }));
});

Deno.test("parseCursor() names both runtimes when the cursor belongs to another one", async () => {
  const error = await expectError(() => parseCursor("a:b:3", "a"), "wrong_runtime_cursor");
  assertEquals(error.fields, { cursor: "a:b:3", expected: "a", actual: "a:b" });
  assertStringIncludes(error.message, '"a:b"');
  assertEquals(error.exitStatus, 2);
});

Deno.test("parseCursor() throws when the text is not a cursor", async () => {
  for (
    const text of [
      "",
      "3",
      "app",
      "app:",
      "app:x",
      "app:-1",
      "app:0",
      "app:01",
      "app:1.5",
      "app:1e3",
    ]
  ) {
    await expectError(() => parseCursor(text, "app"), "usage");
  }
  await expectError(() => parseCursor("app:99999999999999999999", "app"), "usage");
});
