import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { stringify } from "smol-toml";
import { freePorts } from "../../scripts/demo/free_ports.ts";
import type { ServiceTables } from "../../src/config/schema/tables.ts";
import { until } from "../fixtures/until.ts";
import { type Hale, haleTest } from "./hale.ts";
import { httpServer } from "./services.ts";

/** An engine that tells its version, run as a command. */
function engine(port: number, version: string): ServiceTables {
  return {
    ...httpServer(port, JSON.stringify({ runtime: "engine", status: "ok", version })),
    endpoint: `http://127.0.0.1:${port}`,
    health: { http: `http://127.0.0.1:${port}/health`, identify: { runtime: "engine" } },
  };
}

/** An engine whose executable is here, asked for in version 2.0. */
async function want(
  hale: Hale,
  port: number,
  on_mismatch: "reuse" | "replace" | "fail",
): Promise<void> {
  const { command, args = [], ...running } = engine(port, "2.0");
  const quoted = [command!, ...args].map((word) => `'${word}'`).join(" ");
  await hale.write("engine", `#!/bin/sh\nexec ${quoted}\n`, { mode: 0o755 });
  await hale.services({
    engine: {
      ...running,
      version: "2.0",
      on_mismatch,
      local_builds: ["engine"],
      release: { github: "owner/engine", asset: "engine" },
    },
  });
}

/** Another project of the same home, in which version 1.0 runs. */
class OtherProject implements AsyncDisposable {
  readonly #hale: Hale;
  readonly #cwd: string;

  private constructor(hale: Hale, cwd: string) {
    this.#hale = hale;
    this.#cwd = cwd;
  }

  static async start(hale: Hale, port: number): Promise<OtherProject> {
    const cwd = join(hale.folder, "..", "other");
    await Deno.mkdir(cwd);
    const toml = stringify({ services: { old: engine(port, "1.0") } });
    await Deno.writeTextFile(join(cwd, "hale.toml"), toml);
    const { code, stderr } = await hale.runAt({ cwd }, "up");
    assertEquals(code, 0, stderr);
    return new OtherProject(hale, cwd);
  }

  async state(): Promise<string> {
    const { stdout } = await this.#hale.runAt({ cwd: this.#cwd }, "status", "--json");
    return JSON.parse(stdout)[0].state;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hale.runAt({ cwd: this.#cwd }, "down");
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

haleTest("hale up reuses an engine of another version, with a warning", async (hale) => {
  const [port] = freePorts([0]);
  await using other = await OtherProject.start(hale, port!);
  await want(hale, port!, "reuse");
  const { stderr } = await hale.ok("up");
  assertMatch(stderr, /warning: .*version 1\.0.*2\.0 is asked for/s);
  assertEquals((await hale.status("engine")).state, "unmanaged");
  assertEquals(await other.state(), "running");
});

haleTest(
  "hale up fails where an engine of another version runs and it is to fail",
  async (hale) => {
    const [port] = freePorts([0]);
    await using other = await OtherProject.start(hale, port!);
    await want(hale, port!, "fail");
    const { code, stderr } = await hale.run("up");
    assertEquals(code, 7);
    assertStringIncludes(stderr, '`on_mismatch` is "fail"');
    assertEquals(await other.state(), "running");
  },
);

haleTest("hale up replaces an engine of another version that this home started", async (hale) => {
  const [port] = freePorts([0]);
  await using other = await OtherProject.start(hale, port!);
  await want(hale, port!, "replace");
  // Saying what would happen lets nothing happen.
  const explained = await hale.ok("resolve", "engine", "--explain");
  assertMatch(explained.stdout, /running +passed +.*it would be replaced/);
  assertEquals(await other.state(), "running");
  await hale.ok("up");
  const { state, health } = await hale.status("engine");
  assertEquals([state, health], ["running", "healthy"]);
  assertEquals(await other.state(), "stopped");
});

haleTest("hale up never ends an engine that this home has not started", async (hale) => {
  const [port] = freePorts([0]);
  const { command, args = [] } = engine(port!, "1.0");
  const stranger = new Deno.Command(command!, { args, stdout: "null", stderr: "null" }).spawn();
  try {
    await want(hale, port!, "replace");
    await until(() => answers(port!));
    const { code, stderr } = await hale.run("up");
    assertEquals(code, 7);
    assertStringIncludes(stderr, "never ends what it has not started");
    assertEquals(await answers(port!), true);
  } finally {
    stranger.kill("SIGKILL");
    await stranger.status;
  }
});
