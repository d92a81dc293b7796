import { assertEquals, assertThrows } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { readActor } from "../../../src/supervise/api/read_actor.ts";

Deno.test("readActor() takes what commands and libraries send, and nothing beside it", () => {
  assertEquals(readActor({ user: "ann", uid: 7, how: "cli", more: 1 }), {
    user: "ann",
    uid: 7,
    how: "cli",
  });
  assertEquals(readActor({ user: "", how: "library" }), { user: "", how: "library" });
  for (const nobody of [undefined, null]) assertEquals(readActor(nobody), null);
});

for (
  const value of [
    1,
    "ann",
    {},
    { user: "ann" },
    { user: 7, how: "cli" },
    { user: "ann", uid: "7", how: "cli" },
    { user: "ann", uid: 0.5, how: "cli" },
    { user: "ann", how: "supervisor" },
  ]
) {
  Deno.test(`readActor() refuses ${JSON.stringify(value)}`, () => {
    assertThrows(() => readActor(value), HaleError, "actor");
  });
}
