import { join } from "@std/path";
import { stringify } from "smol-toml";
import type { ServiceTables } from "../../src/config/schema/tables.ts";
import type { ServiceStatus } from "../../src/model/service_state.ts";
import { boundOf } from "./bounds.ts";
import { HaleProcess, type HaleResult } from "./hale_process.ts";
import {
  isSupervisor,
  type MarkedProcess,
  markedProcesses,
  stateOf,
  supervisorsOf,
} from "./marked_processes.ts";
import { Broken, type FaultRun } from "./scenario.ts";
import type { Bad } from "./tally.ts";

/** Exit statuses that a command may have while its supervisor is killed: the manual lists them. */
const EXPECTED = [0, 1, 3, 4, 7, 130];

/** How long a process may take to end after SIGKILL, in milliseconds. */
const GONE_MS = 30_000;

/** The environment without variables of hale. */
const AMBIENT = /^(HALE|RIVET|NO_COLOR$|FORCE_COLOR$)/i;

/** A home and projects of their own, in which hale is disturbed. */
export class Stage implements AsyncDisposable {
  /** Folder of everything: it marks the processes of this stage. */
  readonly root: string;
  readonly home: string;
  readonly run: FaultRun;
  readonly #env: Record<string, string>;
  readonly #processes = new Set<HaleProcess>();
  #isBroken = false;

  private constructor(root: string, run: FaultRun) {
    this.root = root;
    this.run = run;
    this.home = join(root, "home");
    const ambient = Object.entries(Deno.env.toObject()).filter(([name]) => !AMBIENT.test(name));
    this.#env = { ...Object.fromEntries(ambient), HALE_HOME: this.home };
  }

  /** Makes the folders. The home does not exist at first. */
  static async open(run: FaultRun): Promise<Stage> {
    const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "hale-fault-" }));
    return new Stage(root, run);
  }

  /** Adds a variable to the environment of all commands. */
  setVariable(name: string, value: string): void {
    this.#env[name] = value;
  }

  /** Writes the `hale.toml` of a project. Its folder has the project's name. */
  async project(
    name: string,
    services: Readonly<Record<string, ServiceTables>>,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const folder = join(this.root, name);
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(join(folder, "hale.toml"), stringify({ name, ...more, services }));
  }

  /** Starts a command in a project. `boundMs`: Infinity for a follower. */
  start(project: string, args: readonly string[], options: StartOptions = {}): HaleProcess {
    const { boundMs = boundOf(args), through = [], env = {} } = options;
    const process = new HaleProcess({
      words: [...through, ...this.run.hale, ...args],
      line: `hale ${args.join(" ")} (in ${join(this.root, project)})`,
      cwd: join(this.root, project),
      env: { ...this.#env, ...env },
      boundMs,
      onHang: ({ line, stderr }) =>
        this.bad("hangs", `${line} did not end within ${boundMs / 1000} s: ${stderr}`),
    });
    this.#processes.add(process);
    process.result.then(() => this.#processes.delete(process));
    return process;
  }

  /** Runs a command to its end. An exit status that it must never have is counted as wrong. */
  async command(project: string, ...args: string[]): Promise<HaleResult> {
    const result = await this.start(project, args).result;
    this.judgeResult(result);
    return result;
  }

  /** Counts an exit status or a message that a command must never have. */
  judgeResult({ line, code, stderr }: HaleResult): void {
    const isCrash = /panicked|\bat file:|internal error|Uncaught/i.test(stderr);
    // A kill of the command itself has no status.
    const isExpected = code === null || EXPECTED.includes(code);
    if (isCrash || !isExpected) this.bad("wrong", `${line} ended with ${code}: ${stderr}`);
  }

  /** Runs a command that must succeed. */
  async ok(project: string, ...args: string[]): Promise<HaleResult> {
    const result = await this.start(project, args).result;
    if (result.code !== 0) {
      const { line, code, stdout, stderr } = result;
      throw this.broken("wrong", `${line} ended with ${code}: ${stderr || stdout}`);
    }
    return result;
  }

  /** Waits until `hale doctor` finds nothing wrong: on a busy machine a supervisor may answer late. */
  async healthy(project: string): Promise<void> {
    const end = performance.now() + GONE_MS;
    for (;;) {
      const { line, code, stdout } = await this.start(project, ["doctor", "--quiet"]).result;
      if (code === 0) return;
      if (performance.now() > end) {
        throw this.broken("wrong", `${line} ended with ${code}: ${stdout}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** The services of a project as `hale status` shows them. */
  async status(project: string): Promise<readonly ServiceStatus[]> {
    const { stdout } = await this.ok(project, "status", "--json");
    return JSON.parse(stdout);
  }

  /** The processes of this stage. */
  processes(): MarkedProcess[] {
    return markedProcesses(this.root);
  }

  /** Pid of the supervisor; null if there is none. */
  supervisor(): number | null {
    try {
      const path = join(this.home, "supervisor", "endpoint.json");
      const { pid } = JSON.parse(Deno.readTextFileSync(path));
      if (isSupervisor(pid, this.home) && stateOf(pid) !== "zombie") return pid;
    } catch {
      // It has not come so far, or was killed.
    }
    return supervisorsOf(this.home)[0] ?? null;
  }

  /** Kills a supervisor and waits for its end. Returns false if it had ended before. */
  async killSupervisor(pid: number): Promise<boolean> {
    if (!isSupervisor(pid, this.home)) return false;
    if (!sendSignal(pid, "SIGKILL")) return false;
    this.run.tally.add("kills");
    await this.until(`the end of the supervisor ${pid}`, () => !isSupervisor(pid, this.home));
    return true;
  }

  /** Waits for a condition. One that does not come true counts as a hang and ends the stage. */
  async until<T>(
    what: string,
    condition: () => T | Promise<T>,
    boundMs = GONE_MS,
  ): Promise<Exclude<T, false | null | undefined>> {
    const end = performance.now() + boundMs;
    for (;;) {
      const value = await condition();
      if (value !== false && value !== null && value !== undefined) {
        return value as Exclude<T, false | null | undefined>;
      }
      if (performance.now() > end) {
        throw this.broken("hangs", `${what}: not in ${boundMs / 1000} s`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Counts a bad result, with the home in which it can be examined. */
  bad(what: Bad, detail: string): void {
    this.#isBroken = true;
    this.run.tally.bad(what, `${detail.trim()} [${this.root}]`);
  }

  /** Counts a bad result after which the stage makes no sense. */
  broken(what: Bad, detail: string): Broken {
    this.bad(what, detail);
    return new Broken(detail);
  }

  /** Stops everything in an orderly way. What is left is counted. */
  async endOrderly(projects: readonly string[]): Promise<void> {
    for (const project of projects) await this.ok(project, "down");
    const left = this.processes().filter(({ launch }) => launch !== null);
    for (const { pid, command, service } of left) {
      this.bad("lost", `${pid} ${command} of ${service} runs after hale down`);
    }
    await this.endSupervisor();
  }

  /** Asks the supervisor to exit and waits for that. */
  async endSupervisor(): Promise<void> {
    const pid = this.supervisor();
    if (pid === null) return;
    sendSignal(pid, "SIGTERM");
    await this.until(`the orderly exit of the supervisor ${pid}`, () => stateOf(pid) !== "running");
  }

  /** Kills what is left, and removes the folders unless something was wrong and they are to be kept. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of this.#processes) {
      process.signal("SIGCONT");
      process.signal("SIGKILL");
      await process.result;
    }
    // A service may be starting another process at this moment.
    for (let left = this.processes(); left.length > 0; left = this.processes()) {
      const hale = left.filter(({ launch }) => launch === null);
      for (const { pid } of hale.length > 0 ? hale : left) sendSignal(pid, "SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    if (this.run.keep && this.#isBroken) return;
    await Deno.remove(this.root, { recursive: true });
  }
}

/** Options of {@linkcode Stage.start}. */
export interface StartOptions {
  readonly boundMs?: number;
  /** A program and arguments that run hale. */
  readonly through?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Sends a signal to a process. Returns false if there is none. */
export function sendSignal(pid: number, signal: Deno.Signal): boolean {
  try {
    Deno.kill(pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
