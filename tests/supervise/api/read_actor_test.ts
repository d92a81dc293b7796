import { assertEquals, assertThrows } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { readActor } from "../../../src/supervise/api/read_actor.ts";

Deno.test("readActor() accepts the actors of commands and libraries, and drops other fields", () => {
  assertEquals(readActor({ user: "ann", uid: 7, how: "cli", more: 1 }), {
    user: "ann",
    uid: 7,
    how: "cli",
  });
  assertEquals(readActor({ user: "", how: "library" }), { user: "", how: "library" });
  for (const absent of [undefined, null]) assertEquals(readActor(absent), null);
});

const INVALID =
  "The actor of the request is invalid: expected `user`, an optional `uid`, and `how` " +
  "as cli or library.";

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
  Deno.test(`readActor() rejects ${JSON.stringify(value)}`, () => {
    assertThrows(() => readActor(value), HaleError, INVALID);
  });
}
