import { assertEquals, assertStringIncludes } from "@std/assert";
import { haleTest } from "./hale.ts";

haleTest("hale suggests the command when one is misspelt", async (hale) => {
  const { code, stdout, stderr } = await hale.run("sttus");
  assertEquals([code, stdout], [2, ""]);
  assertEquals(
    stderr,
    'error: hale has no command "sttus". Did you mean status? See "hale --help".\n',
  );
  assertEquals(hale.filesIn(), []);
});

haleTest("hale suggests the flag when one is misspelt, as one JSON object too", async (hale) => {
  const { code, stdout, stderr } = await hale.run("up", "--foregrond", "--json");
  const { error } = JSON.parse(stdout);
  assertEquals([code, error.code], [2, "usage"]);
  assertStringIncludes(error.message, "Did you mean --foreground?");
  assertEquals(stderr, `error: ${error.message}\n`);
});

haleTest("hale up refuses --json in the foreground", async (hale) => {
  await hale.config('[services.web]\ncommand = "sleep"\nargs = ["60"]\n');
  const { code, stderr } = await hale.run("up", "--foreground", "--json");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "--foreground and --json exclude each other");
  assertEquals(hale.filesIn(), []);
});

haleTest("hale start takes one name for a command after the dashes", async (hale) => {
  const { code, stderr } = await hale.run("start", "a", "b", "--", "sleep", "60");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "Use hale start NAME -- COMMAND ARGS.");
  assertEquals(hale.filesIn(), []);
});

haleTest("hale start names the mistake when a name cannot be a service's", async (hale) => {
  const { code, stdout } = await hale.run("start", "web ", "--json", "--", "sleep", "60");
  assertEquals([code, JSON.parse(stdout).error.code], [2, "config_invalid"]);
  assertEquals(hale.filesIn(), []);
});
