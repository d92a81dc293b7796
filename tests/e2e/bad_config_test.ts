import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type Hale, haleTest } from "./hale.ts";

/** Nothing was begun: no supervisor, no runtime, nothing in the cache. */
function assertUntouched(hale: Hale): void {
  assertEquals(hale.filesIn(), []);
}

haleTest("hale up says where it looked and what to do when there is no hale.toml", async (hale) => {
  const { code, stdout, stderr } = await hale.run("up");
  assertEquals([code, stdout], [2, ""]);
  assertEquals(
    stderr,
    `error: There is no hale.toml in ${hale.folder} or in a folder above. ` +
      "Write one with `hale init`, or name one with --config FILE.\n",
  );
  assertUntouched(hale);
});

haleTest("hale up names the place of the mistake when hale.toml is no TOML", async (hale) => {
  await hale.config('name = "app"\n[services.web\n');
  const { code, stderr } = await hale.run("up");
  assertEquals(code, 2);
  assertStringIncludes(stderr, `1 problem in ${join(hale.folder, "hale.toml")}:\n`);
  assertStringIncludes(stderr, 'line 2: column 14: expected "]"');
  assertStringIncludes(stderr, "Correct the file and run the command again.");
  assertUntouched(hale);
});

haleTest("hale up suggests the key when hale.toml has an unknown one", async (hale) => {
  await hale.config('[services.web]\ncomand = "true"\n');
  const { code, stderr } = await hale.run("up");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "line 2: services.web.comand: there is no such key");
  assertStringIncludes(stderr, "did you mean `command`?");
  assertUntouched(hale);
});

haleTest("hale up tells every mistake at once and as one JSON object", async (hale) => {
  await hale.config(
    '[services.web]\nargs = "x"\nrestart = { max = -1 }\n[services.api]\ncolour = "red"\n',
  );
  const { code, stdout, stderr } = await hale.run("up", "--json");
  const { error } = JSON.parse(stdout);
  assertEquals([code, error.code, error.fields.path], [
    2,
    "config_invalid",
    join(hale.folder, "hale.toml"),
  ]);
  const problems: { key: string; line: number }[] = error.fields.problems;
  assertEquals(problems.map(({ key, line }) => [line, key]), [
    [2, "services.web.args"],
    [3, "services.web.restart.max"],
    [5, "services.api.colour"],
  ]);
  for (const { key } of problems) assertStringIncludes(stderr, key);
  assertUntouched(hale);
});

haleTest("hale up names the services there are when one is unknown", async (hale) => {
  await hale.config('[services.web]\ncommand = "true"\n[services.api]\ncommand = "true"\n');
  const { code, stderr } = await hale.run("up", "wbe");
  assertEquals(code, 2);
  assertStringIncludes(
    stderr,
    `There is no service "wbe" in ${join(hale.folder, "hale.toml")}. It has: web, api.`,
  );
  assertUntouched(hale);
});

for (const command of ["logs", "history", "status", "stop", "start", "restart", "resolve"]) {
  haleTest(`hale ${command} names the hale.toml when a service is unknown`, async (hale) => {
    await hale.config('[services.web]\ncommand = "true"\n');
    const { code, stdout, stderr } = await hale.run(command, "nope");
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(
      stderr,
      `There is no service "nope" in ${join(hale.folder, "hale.toml")}. It has: web.`,
    );
    assertUntouched(hale);
  });
}

const BAD_ENDPOINTS = [
  ["has no host", "http://:6420", /has no host.* http:\/\/127\.0\.0\.1:6420/],
  ["has no port", "http://127.0.0.1", /has no port.* http:\/\/127\.0\.0\.1:6420/],
  ["has no room for its other ports", "http://127.0.0.1:65530", /65535.*choose a lower port/],
  ["has a port that is none", "http://127.0.0.1:99999", /number from 1 to 65535/],
] as const;

for (const [what, endpoint, message] of BAD_ENDPOINTS) {
  haleTest(`hale up explains it when an endpoint ${what}`, async (hale) => {
    await hale.config(`[services.engine]\npreset = "rivet-engine"\nendpoint = "${endpoint}"\n`);
    const { code, stdout } = await hale.run("up", "--json");
    const { error } = JSON.parse(stdout);
    assertEquals([code, error.code], [2, "invalid_endpoint"]);
    assertMatch(error.message, message);
    assertStringIncludes(error.message, `line 3: services.engine.endpoint = "${endpoint}"`);
    assertUntouched(hale);
  });
}

haleTest("hale up says so when the env_file is missing, and starts nothing", async (hale) => {
  await hale.config('[services.web]\ncommand = "sleep"\nargs = ["60"]\nenv_file = ".env"\n');
  const { code, stderr } = await hale.run("up");
  assertEquals(code, 2);
  assertStringIncludes(stderr, `The env_file of web, ${join(hale.folder, ".env")}, cannot be read`);
  assertStringIncludes(stderr, "correct `env_file` in hale.toml");
  assertEquals(await hale.processesOf("web"), []);
  assertEquals((await hale.status("web")).state, "stopped");
});

haleTest("hale down stops what runs when hale.toml is broken by now", async (hale) => {
  await hale.config('[services.web]\ncommand = "sleep"\nargs = ["60"]\n');
  await hale.ok("up");
  await hale.config("[services.web]\ncommand = \n");
  const broken = await hale.run("up");
  assertEquals([broken.code, (await hale.launchesOf("web")).length], [2, 1]);
  const status = await hale.run("status");
  assertMatch(status.stdout, /^web +running /m);
  const { code, stderr } = await hale.run("down");
  assertEquals([code, await hale.processesOf("web")], [0, []]);
  assertStringIncludes(stderr, "warning: 1 problem in ");
  assertStringIncludes(stderr, "web stopped\n");
});

haleTest("hale config check tells the same mistakes as hale up", async (hale) => {
  await hale.config('[services.web]\ncomand = "true"\n');
  const [check, up] = await Promise.all([hale.run("config", "check"), hale.run("up")]);
  assertEquals(check, up);
  await hale.config('[services.web]\ncommand = "true"\n');
  const { stdout } = await hale.ok("config", "check");
  assertEquals(
    stdout,
    `${join(hale.folder, "hale.toml")}: 1 service, no mistakes\n  web (command)\n`,
  );
});
