import { delay } from "@std/async/delay";
import { join } from "@std/path";
import { type BenchService, type Peer, runProgram } from "./peer.ts";

/** The commands of a supervision suite. Each service is a folder that contains a `run` script. */
export interface Suite {
  readonly name: string;
  /** Watches a folder of services. */
  readonly scan: (folder: string) => readonly string[];
  readonly up: (service: string) => readonly string[];
  readonly down: (service: string) => readonly string[];
  readonly status: (services: readonly string[]) => readonly string[];
  /** Matches the pid in the output of `status`. */
  readonly pid: RegExp;
  /** The file in a service's folder that exists when its supervisor is ready. */
  readonly ready: string;
}

/** daemontools and its successors. */
export const SUITES: readonly Suite[] = [
  {
    name: "runit",
    scan: (folder) => ["runsvdir", folder],
    up: (service) => ["sv", "start", service],
    down: (service) => ["sv", "down", service],
    status: (services) => ["sv", "status", ...services],
    pid: /\(pid (\d+)\)/,
    ready: "supervise/ok",
  },
  {
    name: "s6",
    scan: (folder) => ["s6-svscan", folder],
    up: (service) => ["s6-svc", "-u", service],
    down: (service) => ["s6-svc", "-d", service],
    status: (services) => ["s6-svstat", ...services.slice(0, 1)],
    pid: /\(pid (\d+)/,
    ready: "supervise/control",
  },
  {
    name: "daemontools",
    scan: (folder) => ["svscan", folder],
    up: (service) => ["svc", "-u", service],
    down: (service) => ["svc", "-d", service],
    status: (services) => ["svstat", ...services],
    pid: /\(pid (\d+)\)/,
    ready: "supervise/ok",
  },
];

/** A supervision suite. */
export class SuitePeer implements Peer {
  readonly name: string;
  readonly #suite: Suite;
  readonly #folder: string;
  #scanner: Deno.ChildProcess | null = null;
  #services: readonly BenchService[] = [];

  /**
   * @param suite The suite.
   * @param folder An empty folder.
   */
  constructor(suite: Suite, folder: string) {
    this.name = suite.name;
    this.#suite = suite;
    this.#folder = folder;
  }

  async define(services: readonly BenchService[]): Promise<void> {
    this.#services = services;
    for (const { name, script } of services) {
      const folder = this.#path(name);
      await Deno.mkdir(folder, { recursive: true });
      await Deno.writeTextFile(join(folder, "run"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      await Deno.writeTextFile(join(folder, "down"), "");
    }
  }

  async startFirst(names: readonly string[]): Promise<void> {
    // A service without a `down` file starts at once.
    for (const name of names) await Deno.remove(join(this.#path(name), "down"));
    const [program, ...args] = this.#suite.scan(join(this.#folder, "services"));
    this.#scanner = new Deno.Command(program!, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    for (const { name } of this.#services) {
      const ready = join(this.#path(name), this.#suite.ready);
      while (!await Deno.lstat(ready).then(() => true, () => false)) await delay(1);
    }
  }

  async start(name: string): Promise<void> {
    await this.#run(this.#suite.up(this.#path(name)));
  }

  async stop(name: string): Promise<void> {
    await this.#run(this.#suite.down(this.#path(name)));
  }

  async status(): Promise<void> {
    await this.#run(this.#suite.status(this.#services.map(({ name }) => this.#path(name))));
  }

  async pidOf(name: string): Promise<number> {
    const text = await this.#run(this.#suite.status([this.#path(name)]));
    return Number(this.#suite.pid.exec(text)?.[1]);
  }

  async managers(): Promise<readonly number[]> {
    const children = await runProgram("ps", ["-o", "pid=", "--ppid", String(this.#scanner!.pid)], {
      mayFail: true,
    });
    return [this.#scanner!.pid, ...children.trim().split(/\s+/).filter(Boolean).map(Number)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const managers = await this.managers();
    const pids = await Promise.all(this.#services.map(({ name }) => this.pidOf(name)));
    for (const { name } of this.#services) await this.stop(name).catch(() => {});
    for (const pid of managers.toReversed()) killQuietly(pid);
    for (const pid of pids) if (pid > 0) killQuietly(pid);
    await this.#scanner!.status;
  }

  #path(name: string): string {
    return join(this.#folder, "services", name);
  }

  #run([program, ...args]: readonly string[]): Promise<string> {
    return runProgram(program!, args, { mayFail: true });
  }
}

function killQuietly(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // Already exited.
  }
}
