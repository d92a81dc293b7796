import { assertEquals } from "@std/assert";
import { suggest } from "../../src/text/suggest.ts";

Deno.test("suggest() returns the known word for a typo", () => {
  assertEquals(suggest("comand", ["command", "args", "cwd"]), "command");
  assertEquals(suggest("nmae", ["services", "name"]), "name");
});

Deno.test("suggest() counts two swapped letters as one typo", () => {
  assertEquals(suggest("gti", ["get", "git"]), "git");
  assertEquals(suggest("statsu", ["start", "status"]), "status");
});

Deno.test("suggest() allows one typo in a short word, and more in a long one", () => {
  assertEquals(suggest("ags", ["args", "cwd"]), "args");
  assertEquals(suggest("Engin", ["engine"]), "engine");
  assertEquals(suggest("auto_dwnlod", ["auto_download"]), "auto_download");
});

Deno.test("suggest() returns null when all words are only slightly similar", () => {
  assertEquals(suggest("nosuch", ["touch", "nohup", "search"]), null);
  assertEquals(suggest("no-such", ["touch", "nohup"]), null);
  assertEquals(suggest("nc", ["tc", "nl", "cc"]), null);
  assertEquals(suggest("cmd", ["cwd", "env"]), null);
});

Deno.test("suggest() returns null when no word is close", () => {
  assertEquals(suggest("database", ["command", "args", "cwd"]), null);
  assertEquals(suggest("os", ["cwd", "env"]), null);
  assertEquals(suggest("x", []), null);
});
