import { assertEquals } from "@std/assert";
import { suggest } from "../../src/model/suggest.ts";

Deno.test("suggest() finds the word that was mistyped", () => {
  assertEquals(suggest("comand", ["command", "args", "cwd"]), "command");
  assertEquals(suggest("nmae", ["services", "name"]), "name");
});

Deno.test("suggest() finds nothing when nothing is close", () => {
  assertEquals(suggest("database", ["command", "args", "cwd"]), null);
  assertEquals(suggest("os", ["cwd", "env"]), null);
  assertEquals(suggest("x", []), null);
});
