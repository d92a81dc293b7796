import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { haleTest } from "./hale.ts";
import { SLEEPER } from "./services.ts";

/** Prints each argument on a line of its own, then stays. */
const PRINT_ARGS = 'printf "<%s>\\n" "$@"; exec sleep 60';

haleTest("hale start runs a command with its arguments untouched", async (hale) => {
  const args = [
    "a b",
    "",
    '"q"',
    "it's",
    "$(date)",
    "${x}",
    "$HOME",
    "*",
    "--",
    "--json",
    "-v",
    "é\n",
  ];
  const { stderr } = await hale.ok("start", "job", "--", "sh", "-c", PRINT_ARGS, "sh", ...args);
  assertMatch(stderr, /^job \| starting\njob \| running {2}pid \d+\n$/);
  assertEquals(
    await hale.output("job", "stdout", "default"),
    args.map((arg) => `<${arg}>\n`).join(""),
  );
});

haleTest("hale start runs a command in the folder it is typed in", async (hale) => {
  const folder = join(hale.folder, "with space");
  await Deno.mkdir(folder);
  const job = ["start", "job", "--", "sh", "-c", "pwd; exec sleep 60"];
  assertEquals((await hale.runAt({ cwd: folder }, ...job)).code, 0);
  assertEquals((await hale.runAt({ cwd: folder }, "logs", "job")).stdout, `${folder}\n`);
});

haleTest("a command started without hale.toml is known by its name afterwards", async (hale) => {
  await hale.ok("start", "job", "--", "sleep", "60");
  const first = await hale.status("job");
  assertMatch((await hale.ok("status")).stdout, /^job +running /m);
  await hale.ok("restart", "job");
  assert((await hale.status("job")).pid !== first.pid);
  assertEquals((await hale.ok("stop", "job")).stderr, "job stopped\n");
  await hale.ok("start", "job");
  assertEquals((await hale.status("job")).state, "running");
  const unknown = await hale.run("stop", "jib");
  assertEquals(unknown.code, 2);
  assertStringIncludes(
    unknown.stderr,
    'There is no service "jib" in what was started without a hale.toml. It has: job.',
  );
  assertStringIncludes((await hale.ok("down")).stderr, "job stopped\n");
});

haleTest("a command started beside a hale.toml is found by its name too", async (hale) => {
  await hale.services({ web: SLEEPER });
  await hale.ok("start", "job", "--", "sh", "-c", "echo here; exec sleep 60");
  assertEquals((await hale.status("job")).state, "running");
  assertEquals((await hale.ok("logs", "job")).stdout, "here\n");
  assertMatch((await hale.ok("history", "job")).stdout, /launched/);
  await hale.ok("restart", "job");
  // It is none of the project's: that is neither shown nor stopped with it.
  assertEquals((await hale.ok("status")).stdout.includes("job"), false);
  assertEquals((await hale.ok("down")).stderr, "nothing was running\n");
  assertEquals((await hale.ok("stop", "job")).stderr, "job stopped\n");
});

haleTest("hale start fails with the reason when a command cannot be run", async (hale) => {
  const { code, stdout } = await hale.run("start", "job", "--json", "--", "./missing");
  assertEquals([code, JSON.parse(stdout).error.code], [5, "binary_not_found"]);
  assertStringIncludes(JSON.parse(stdout).error.message, join(hale.folder, "missing"));
  assertEquals(await hale.processesOf("job"), []);
});
