import { assertEquals, assertRejects } from "@std/assert";
import { launchEnvironment } from "../../../src/app/services/launch_environment.ts";
import { HaleError } from "../../../src/errors.ts";
import { PathTrust } from "../../../src/home/path_trust.ts";
import { serviceSpec } from "../../fixtures/service_spec.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { unixTest } from "../../fixtures/unix_test.ts";

const none = () => Promise.resolve([]);

function command(env: Readonly<Record<string, string>> = {}) {
  return { env, trust: PathTrust.fromEnvironment({}) };
}

Deno.test("launchEnvironment() leaves out what describes the shell and the job of the command", async () => {
  const shell = { PWD: "/p", OLDPWD: "/o", SHLVL: "3", _: "/bin/hale", HALE_LAUNCH: "x" };
  const job = { RUNNER_TRACKING_ID: "github_1", A: "1" };
  const spec = serviceSpec("web", { env: { SHLVL: "7" } });
  assertEquals(await launchEnvironment(spec, command({ ...shell, ...job }), none), {
    A: "1",
    SHLVL: "7",
  });
});

Deno.test("launchEnvironment() refuses to lose a variable that is not UTF-8", async () => {
  const lost = (...names: string[]) => () => Promise.resolve(names);
  const spec = serviceSpec("web", { env: { OWN: "1" } });
  const error = await assertRejects(
    () => launchEnvironment(spec, command(), lost("OWN", "LATIN")),
    HaleError,
  );
  assertEquals(error.code, "usage");
  assertEquals(
    error.message,
    "web was not started: the environment variable LATIN of this command is not UTF-8, and cannot be " +
      "passed on. Unset it, or set web's own value with `env` in hale.toml.",
  );
  // These are not inherited.
  assertEquals(await launchEnvironment(spec, command(), lost("OWN")), { OWN: "1" });
  const own = serviceSpec("web", { inherit_env: false });
  assertEquals(await launchEnvironment(own, command(), lost("LATIN")), {});
  await assertRejects(() => launchEnvironment(own, command(), lost("TMPDIR")), HaleError, "TMPDIR");
});

unixTest("launchEnvironment() names the line of an env_file that is not UTF-8", async () => {
  using folder = new TempFolder();
  const path = folder.join(".env");
  Deno.writeFileSync(path, Uint8Array.from([...new TextEncoder().encode("A=1\nTOKEN=x"), 0xff]));
  const message = async (env_file: string) =>
    (await assertRejects(
      () => launchEnvironment(serviceSpec("web", { env_file }), command(), none),
      HaleError,
    )).message;
  assertEquals(
    await message(path),
    `1 problem in ${path}:\n  line 2: TOKEN: the line is not UTF-8; save the file as UTF-8\n` +
      "Correct the file and run the command again.",
  );
  await new Deno.Command("mkfifo", { args: [folder.join("fifo")] }).output();
  assertEquals(
    await message(folder.join("fifo")),
    `Cannot read the env_file of web, ${
      folder.join("fifo")
    }: it is a pipe, which can be read only ` +
      "once; write its content to a file. Create the file, or correct `env_file` in hale.toml.",
  );
});
