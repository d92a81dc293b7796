/**
 * What must work on each system. The services need nothing but Deno, so that this runs on Windows too.
 *
 * @module
 */

import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { stringify } from "smol-toml";
import { freePorts } from "../../scripts/demo/free_ports.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { until } from "../fixtures/until.ts";
import { type CommandResult, CommandRun } from "./command_run.ts";
import { haleCommand } from "./hale_command.ts";

/** Answers with the value of a variable, and writes a line when it listens. */
const SERVER = `
const port = Number(Deno.args[0]);
const onListen = () => console.log("listening on " + port);
Deno.serve({ hostname: "127.0.0.1", port, onListen }, () => new Response(Deno.env.get("Greeting")));
`;

/** A folder with a `hale.toml` and a home. Disposing of it stops everything. */
class Project implements AsyncDisposable {
  readonly #folder = new TempFolder();
  readonly port: number = freePorts([0])[0]!;

  constructor() {
    const script = this.#folder.write("server.js", SERVER);
    const args = [
      "run",
      "-q",
      "--no-config",
      "--allow-net",
      "--allow-env",
      script,
      String(this.port),
    ];
    this.#folder.write(
      "hale.toml",
      stringify({
        services: {
          web: {
            command: Deno.execPath(),
            args,
            env: { Greeting: "hello" },
            health: { http: `http://127.0.0.1:${this.port}/`, within: "40s" },
            restart: { delay: "10ms" },
            stop: { timeout: "5s" },
          },
        },
      }),
    );
  }

  async hale(...args: string[]): Promise<CommandResult> {
    const env = { ...Deno.env.toObject(), HALE_HOME: this.#folder.join("home") };
    return await new CommandRun({
      ...haleCommand(args),
      cwd: this.#folder.path,
      env,
      detached: false,
    })
      .result;
  }

  // deno-lint-ignore no-explicit-any
  async status(): Promise<any> {
    const { stdout, stderr } = await this.hale("status", "--json");
    try {
      return JSON.parse(stdout)[0];
    } catch {
      throw new Error(`hale status printed no JSON: ${stdout}${stderr}`);
    }
  }

  supervisor(): number | null {
    const text = this.#folder.read("home/supervisor/endpoint.json");
    return text === "" ? null : JSON.parse(text).pid;
  }

  log(): string {
    return this.#folder.read("home/supervisor/log");
  }

  async answer(): Promise<string | null> {
    try {
      return await (await fetch(`http://127.0.0.1:${this.port}/`)).text();
    } catch {
      return null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hale("down");
    const pid = this.supervisor();
    if (pid !== null) Deno.kill(pid, "SIGKILL");
    // Windows removes no file that a process still holds.
    await until(() => {
      try {
        this.#folder[Symbol.dispose]();
        return true;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return true;
        return false;
      }
    });
  }
}

Deno.test("hale starts, adopts, restarts and stops a service on every system", async () => {
  await using project = new Project();
  const up = await project.hale("up");
  assertEquals(up.code, 0, up.stderr + project.log());
  assertEquals(await project.answer(), "hello");
  const first = await project.status();
  assertEquals([first.state, first.health], ["running", "healthy"]);
  assertStringIncludes((await project.hale("logs", "web")).stdout, "listening on");
  assertEquals((await project.hale("status", "--check")).code, 0);

  // A supervisor that is killed loses no service, and the next one takes over the same process.
  Deno.kill(project.supervisor()!, "SIGKILL");
  const again = await project.hale("up");
  assertEquals(again.code, 0, again.stderr + project.log());
  assertEquals((await project.status()).pid, first.pid);

  // The program ends by itself.
  Deno.kill(first.pid, "SIGKILL");
  const second = await until(async () => {
    const status = await project.status();
    return status.state === "running" && status.health === "healthy" && status.pid !== first.pid &&
      status;
  }, 60_000);
  assertEquals(second.restarts, 1);

  const restart = await project.hale("restart", "web");
  assertEquals(restart.code, 0, restart.stderr);
  const third = await project.status();
  assertNotEquals(third.pid, second.pid);
  assertEquals(await project.answer(), "hello");

  const down = await project.hale("down");
  assertEquals(down.code, 0, down.stderr + project.log());
  assertEquals(await project.answer(), null);
  assertEquals((await project.status()).state, "stopped");
});
