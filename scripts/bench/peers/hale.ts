import { fromFileUrl, join } from "@std/path";
import { type BenchService, type Peer, runProgram } from "./peer.ts";

const MAIN = fromFileUrl(new URL("../../../main.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../../deno.json", import.meta.url));

/** hale: the executable in `HALE_BIN` if it is set, else this source. */
export class HalePeer implements Peer {
  readonly name = Deno.env.has("HALE_BIN") ? "hale" : "hale (deno run)";
  readonly #folder: string;

  /** @param folder An empty folder. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async define(services: readonly BenchService[]): Promise<void> {
    const tables = services.map(({ name, script, lives }) =>
      [
        `[services.${name}]`,
        `command = "/bin/sh"`,
        `args = ["-c", ${JSON.stringify(script)}]`,
        // Stable after one second, like supervisord; hale's default is one minute.
        ...(lives ? [`restart = { reset_after = "1s" }`] : []),
      ].join("\n")
    );
    await Deno.writeTextFile(join(this.#folder, "hale.toml"), tables.join("\n\n"));
  }

  async startFirst(names: readonly string[]): Promise<void> {
    await this.#hale("up", ...names);
  }

  async start(name: string): Promise<void> {
    await this.#hale("start", name);
  }

  async stop(name: string): Promise<void> {
    await this.#hale("stop", name);
  }

  async status(): Promise<void> {
    await this.#hale("status");
  }

  async pidOf(name: string): Promise<number> {
    return JSON.parse(await this.#hale("status", name, "--json"))[0].pid;
  }

  async managers(): Promise<readonly number[]> {
    const path = join(this.#folder, "home", "supervisor", "endpoint.json");
    return [JSON.parse(await Deno.readTextFile(path)).pid];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hale("down");
    for (const pid of await this.managers()) Deno.kill(pid, "SIGTERM");
  }

  #hale(...args: string[]): Promise<string> {
    const options = { cwd: this.#folder, env: { HALE_HOME: join(this.#folder, "home") } };
    const binary = Deno.env.get("HALE_BIN");
    if (binary !== undefined) return runProgram(binary, args, options);
    const run = ["run", "--quiet", "--permission-set", "--config", CONFIG, MAIN];
    return runProgram(Deno.execPath(), [...run, ...args], options);
  }
}
