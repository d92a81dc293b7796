import { join } from "@std/path";
import { type BenchService, type Peer, runProgram } from "./peer.ts";

/** pm2 from `npm install pm2`. Set `PM2_BIN` to its path if it is not on PATH. */
export class Pm2Peer implements Peer {
  readonly name = "pm2";
  readonly #folder: string;

  /** @param folder An empty folder. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async define(services: readonly BenchService[]): Promise<void> {
    const apps = services.map(({ name, script }) => ({
      name,
      script: "/bin/sh",
      args: ["-c", script],
      interpreter: "none",
      max_restarts: 1_000_000,
    }));
    await Deno.writeTextFile(join(this.#folder, "apps.json"), JSON.stringify({ apps }));
  }

  async startFirst(names: readonly string[]): Promise<void> {
    await this.#pm2("start", join(this.#folder, "apps.json"), "--only", names.join(","));
  }

  async start(name: string): Promise<void> {
    await this.startFirst([name]);
  }

  async stop(name: string): Promise<void> {
    await this.#pm2("stop", name);
  }

  async status(): Promise<void> {
    await this.#pm2("list");
  }

  async pidOf(name: string): Promise<number> {
    return Number((await this.#pm2("pid", name)).trim());
  }

  async managers(): Promise<readonly number[]> {
    return [Number(await Deno.readTextFile(join(this.#folder, "pm2.pid")))];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pm2("kill");
  }

  #pm2(...args: string[]): Promise<string> {
    return runProgram(Deno.env.get("PM2_BIN") ?? "pm2", args, {
      cwd: this.#folder,
      env: { PM2_HOME: this.#folder },
    });
  }
}
