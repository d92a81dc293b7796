import { join } from "@std/path";
import { type BenchService, type Peer, runProgram } from "./peer.ts";

/** supervisord from Debian's package `supervisor`. */
export class SupervisordPeer implements Peer {
  readonly name = "supervisord";
  readonly #folder: string;

  /** @param folder An empty folder. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async define(services: readonly BenchService[]): Promise<void> {
    const socket = join(this.#folder, "sock");
    const head = `[unix_http_server]
file=${socket}
[supervisord]
pidfile=${this.#folder}/pid
logfile=${this.#folder}/log
directory=${this.#folder}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://${socket}
`;
    const programs = services.map(({ name, script }) => {
      const path = join(this.#folder, `${name}.sh`);
      Deno.writeTextFileSync(path, script);
      return `[program:${name}]\ncommand=/bin/sh ${path}\nautostart=false\nautorestart=true\n`;
    });
    await Deno.writeTextFile(this.#config, head + programs.join(""));
  }

  async startFirst(names: readonly string[]): Promise<void> {
    await runProgram("supervisord", ["-c", this.#config]);
    await this.#ctl("start", ...names);
  }

  async start(name: string): Promise<void> {
    await this.#ctl("start", name);
  }

  async stop(name: string): Promise<void> {
    await this.#ctl("stop", name);
  }

  async status(): Promise<void> {
    await this.#ctl("status");
  }

  async pidOf(name: string): Promise<number> {
    return Number((await this.#ctl("pid", name)).trim());
  }

  async managers(): Promise<readonly number[]> {
    return [Number(await Deno.readTextFile(join(this.#folder, "pid")))];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ctl("shutdown");
  }

  get #config(): string {
    return join(this.#folder, "supervisord.conf");
  }

  // `supervisorctl status` exits with 3 unless all services run.
  #ctl(...args: string[]): Promise<string> {
    return runProgram("supervisorctl", ["-c", this.#config, ...args], { mayFail: true });
  }
}
