/**
 * A folder and a home with one trivial service for benchmarks.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import { fromFileUrl, join } from "@std/path";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));

/** Writes a line, then sleeps. It is stable after 1 ms, so its restarts are not delayed. */
const SERVICE = (marker: string) =>
  `[services.bench]
command = "/bin/sh"
args = ["-c", "echo >> '${marker}'; exec sleep 100000"]
restart = { max = 1000, reset_after = "1ms" }
`;

/** A home for benchmarks. Disposing of it stops the service and the supervisor. */
export class BenchHome implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Creates a folder with a `hale.toml`; nothing is started. */
  static async create(): Promise<BenchHome> {
    const folder = await Deno.makeTempDir({ prefix: "hale-bench-" });
    await Deno.writeTextFile(join(folder, "hale.toml"), SERVICE(join(folder, "marker")));
    return new BenchHome(folder);
  }

  /** Runs a command and returns its output. */
  async hale(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--permission-set", "--config", CONFIG, MAIN, ...args],
      cwd: this.#folder,
      env: { HALE_HOME: join(this.#folder, "home") },
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    if (code !== 0) throw new Error(`hale ${args.join(" ")}: ${decoder.decode(stderr)}`);
    return decoder.decode(stdout);
  }

  /** An empty program in the same Deno: the lower bound of every command. */
  async emptyProgram(): Promise<() => Promise<unknown>> {
    const path = join(this.#folder, "empty.ts");
    await Deno.writeTextFile(path, "");
    return () =>
      new Deno.Command(Deno.execPath(), { args: ["run", "--quiet", path], stdin: "null" }).output();
  }

  /**
   * Kills the service.
   *
   * @returns Milliseconds until the next launch has executed its first instruction.
   */
  async crashToSuccessor(): Promise<number> {
    const [{ pid }] = JSON.parse(await this.hale("status", "--json"));
    const marker = join(this.#folder, "marker");
    const { size } = await Deno.stat(marker);
    const killedAt = performance.now();
    Deno.kill(pid, "SIGKILL");
    for (;;) {
      if (Deno.statSync(marker).size > size) return performance.now() - killedAt;
      if (performance.now() - killedAt > 10_000) {
        throw new Error("the service did not restart within 10 s");
      }
      await delay(0);
    }
  }

  /** Resident memory of the supervisor, in megabytes. */
  async supervisorMegabytes(): Promise<number> {
    const status = await this.#supervisorFile("status");
    return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024);
  }

  /** CPU time of the idle supervisor, in milliseconds (resolution 10 ms). */
  async idleCpuMs(durationMs: number): Promise<number> {
    const before = await this.#cpuTicks();
    await delay(durationMs);
    return (await this.#cpuTicks() - before) * 10;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hale("down");
    Deno.kill(await this.#supervisorPid(), "SIGTERM");
    const endpoint = join(this.#folder, "home", "supervisor", "endpoint.json");
    while (await Deno.stat(endpoint).then(() => true, () => false)) await delay(10);
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #cpuTicks(): Promise<number> {
    const fields = (await this.#supervisorFile("stat")).split(") ")[1]!.split(" ");
    return Number(fields[11]) + Number(fields[12]);
  }

  async #supervisorFile(name: string): Promise<string> {
    return await Deno.readTextFile(`/proc/${await this.#supervisorPid()}/${name}`);
  }

  async #supervisorPid(): Promise<number> {
    const path = join(this.#folder, "home", "supervisor", "endpoint.json");
    return JSON.parse(await Deno.readTextFile(path)).pid;
  }
}
