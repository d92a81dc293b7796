import { assertEquals } from "@std/assert";
import { suggest } from "../../src/text/suggest.ts";

Deno.test("suggest() finds the word that was mistyped", () => {
  assertEquals(suggest("comand", ["command", "args", "cwd"]), "command");
  assertEquals(suggest("nmae", ["services", "name"]), "name");
});

Deno.test("suggest() takes two letters that changed places for one slip", () => {
  assertEquals(suggest("gti", ["get", "git"]), "git");
  assertEquals(suggest("statsu", ["start", "status"]), "status");
});

Deno.test("suggest() allows one slip in a short word, and more in a long one", () => {
  assertEquals(suggest("ags", ["args", "cwd"]), "args");
  assertEquals(suggest("Engin", ["engine"]), "engine");
  assertEquals(suggest("auto_dwnlod", ["auto_download"]), "auto_download");
});

Deno.test("suggest() finds nothing among many words that are only a little alike", () => {
  assertEquals(suggest("nosuch", ["touch", "nohup", "search"]), null);
  assertEquals(suggest("no-such", ["touch", "nohup"]), null);
  assertEquals(suggest("nc", ["tc", "nl", "cc"]), null);
  assertEquals(suggest("cmd", ["cwd", "env"]), null);
});

Deno.test("suggest() finds nothing when nothing is close", () => {
  assertEquals(suggest("database", ["command", "args", "cwd"]), null);
  assertEquals(suggest("os", ["cwd", "env"]), null);
  assertEquals(suggest("x", []), null);
});
