import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { rootTest, STRANGER } from "../fixtures/root_test.ts";
import { Hale } from "./hale.ts";
import type { CommandResult } from "./command_run.ts";

const SERVICE = '[services.web]\ncommand = "sleep"\nargs = ["60"]\n';

/** A project in a folder of root, below a folder to which all may write, as in `/tmp`. */
class World implements AsyncDisposable {
  private constructor(readonly hale: Hale, readonly shared: string, readonly project: string) {}

  static async create(): Promise<World> {
    const hale = await Hale.create();
    const shared = join(hale.folder, "shared");
    const project = join(shared, "mine");
    await Deno.mkdir(project, { recursive: true });
    await Deno.chmod(shared, 0o1777);
    return new World(hale, shared, project);
  }

  run(args: readonly string[], env: Record<string, string> = {}): Promise<CommandResult> {
    return this.hale.runAt({ cwd: this.project, env }, ...args);
  }

  /** Writes a file as the stranger does. */
  async strange(path: string, text: string, mode = 0o755): Promise<string> {
    await this.own(path, text, mode);
    await Deno.chown(path, STRANGER, null);
    return path;
  }

  async own(path: string, text: string, mode = 0o644): Promise<string> {
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeTextFile(path, text, { mode });
    return path;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.hale.end();
  }
}

function assertRefused(result: CommandResult, path: string, who: string): void {
  const shown = result.stderr + result.stdout;
  assertNotEquals(result.code, 0, shown);
  assertStringIncludes(shown, path);
  assertStringIncludes(shown, who);
}

rootTest("hale up does not take a hale.toml that a stranger put above the project", async () => {
  await using world = await World.create();
  const path = await world.strange(join(world.shared, "hale.toml"), SERVICE);
  const refused = await world.run(["up"]);
  assertRefused(refused, path, `uid ${STRANGER}`);
  const wayOut = "Or name the file with -c FILE, or set HALE_TRUST to its folder; see ";
  assertStringIncludes(refused.stderr, wayOut);
  // Also if root owns it: all users may put files into a folder such as /tmp.
  await Deno.chown(path, 0, null);
  assertRefused(await world.run(["up"]), world.shared, "mode 1777");
  // The way out that the message names.
  const { code, stderr } = await world.run(["up", "-c", path]);
  assertEquals(code, 0, stderr);
});

rootTest(
  "hale up takes a stranger's hale.toml, its env_file too, only when it is named",
  async () => {
    await using world = await World.create();
    const toml = `${SERVICE}env_file = ".env"\n`;
    const path = await world.strange(join(world.project, "hale.toml"), toml);
    await world.strange(join(world.project, ".env"), "A=1\n");
    assertRefused(await world.run(["up"]), path, `uid ${STRANGER}`);
    for (const how of [["-c", path], []]) {
      const env: Record<string, string> = how.length === 0 ? { HALE_TRUST: world.project } : {};
      const { code, stderr } = await world.run(["up", ...how], env);
      assertEquals(code, 0, stderr);
      assertEquals((await world.run(["down", ...how], env)).code, 0);
    }
  },
);

rootTest("hale down stops services although their hale.toml was given to a stranger", async () => {
  await using world = await World.create();
  const path = await world.own(join(world.project, "hale.toml"), SERVICE);
  assertEquals((await world.run(["up"])).code, 0);
  await Deno.chown(path, STRANGER, null);
  assertRefused(await world.run(["up"]), path, `uid ${STRANGER}`);
  assertEquals((await world.run(["down"])).code, 0);
  assertEquals(await world.hale.launchesOf("web"), []);
});

rootTest("hale up does not run a local build that a stranger put above the project", async () => {
  await using world = await World.create();
  await world.own(
    join(world.project, "hale.toml"),
    `[services.engine]
version = "1.2.3"
auto_download = false
local_builds = ["target/debug/engine"]
release = { github = "a/b", asset = "engine", checksums = "none" }
`,
  );
  const mark = join(world.hale.folder, "was-run");
  const program = `#!/bin/sh\ntouch ${mark}\nexec sleep 60\n`;
  const path = await world.strange(join(world.shared, "target/debug/engine"), program);
  const { code, stderr } = await world.run(["up"]);
  await Deno.lstat(mark).then(() => {
    throw new Error("The stranger's program was run.");
  }, () => {});
  assertRefused({ code, stderr, stdout: "" }, path, `uid ${STRANGER}`);
  await Deno.chown(path, 0, null);
  await Deno.chmod(join(world.shared, "target"), 0o777);
  assertRefused(await world.run(["up"]), join(world.shared, "target"), "mode 0777");
  await Deno.chmod(join(world.shared, "target"), 0o755);
  const own = await world.run(["up"]);
  assertEquals(own.code, 0, own.stderr);
});

rootTest("hale up does not take env_file or hale.lock that others can change", async () => {
  await using world = await World.create();
  await world.own(join(world.project, "hale.toml"), `${SERVICE}env_file = ".env"\n`);
  const path = await world.own(join(world.project, ".env"), "LD_PRELOAD=/tmp/x.so\n", 0o666);
  await Deno.chmod(path, 0o666);
  assertRefused(await world.run(["up"]), path, "mode 0666");
  assertRefused(await world.run(["config", "check"]), path, "mode 0666");
  await Deno.chmod(path, 0o600);
  const lock = await world.strange(join(world.project, "hale.lock"), "");
  assertRefused(await world.run(["up"]), lock, `uid ${STRANGER}`);
});

rootTest("a policy that others can change denies everything", async () => {
  await using world = await World.create();
  await world.own(join(world.project, "hale.toml"), SERVICE);
  const path = await world.strange(join(world.hale.home, "policy.toml"), "");
  await Deno.chmod(world.hale.home, 0o700);
  const denied = await world.run(["up"]);
  assertRefused(denied, path, `uid ${STRANGER}`);
  const remedy =
    `it belongs to another user (uid ${STRANGER}; you are uid 0); if you trust it, take it ` +
    `with \`chown 0 ${path}\``;
  assertStringIncludes(denied.stderr, remedy);
  await Deno.chown(path, 0, null);
  assertEquals((await world.run(["up"])).code, 0);
});

rootTest(
  "hale does not use a home that others can replace, nor a cache that leads to them",
  async () => {
    await using world = await World.create();
    await world.own(join(world.project, "hale.toml"), SERVICE);
    const above = join(world.hale.folder, "above");
    await Deno.mkdir(join(above, "home"), { recursive: true, mode: 0o700 });
    await Deno.chmod(above, 0o777);
    const env = { HALE_HOME: join(above, "home") };
    assertStringIncludes(
      (await world.run(["up"], env)).stderr,
      `hale does not use the home ${above}/home: ${above} can be changed by all users (mode 0777). They ` +
        `could make hale run their programs. If you trust its contents, take their access away with ` +
        `\`chmod go-w ${above}\`; otherwise name another home with --home DIR. See ` +
        "`hale help security`.",
    );
    assertRefused(await world.run(["doctor"], env), above, "mode 0777");
    await Deno.chmod(above, 0o755);
    await Deno.mkdir(world.hale.home, { mode: 0o700 });
    await Deno.symlink(world.shared, join(world.hale.home, "cache"));
    assertRefused(await world.run(["up"]), world.shared, "mode 1777");
  },
);

rootTest("hale does not send its token where a stranger's endpoint file says", async () => {
  await using world = await World.create();
  await world.own(join(world.project, "hale.toml"), SERVICE);
  await Deno.mkdir(world.hale.home, { mode: 0o700 });
  const path = join(world.hale.home, "supervisor", "endpoint.json");
  const forged = { url: "http://127.0.0.1:9", token: "x", pid: 1, version: "0.1.0" };
  await world.strange(path, JSON.stringify(forged), 0o644);
  assertRefused(await world.run(["up"]), path, `uid ${STRANGER}`);
});
