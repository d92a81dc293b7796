/**
 * Runs the command line of hale in real processes, with a folder and a home for each test.
 *
 * @module
 */

import type { SupervisorEndpoint } from "../../src/supervise/api/api_types.ts";
import { basename, join } from "@std/path";
import { stringify } from "smol-toml";
import type { ServiceTables } from "../../src/config/schema/tables.ts";
import type { ServiceStatus } from "../../src/model/service_state.ts";
import type { EventRecord } from "../../src/model/records.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";
import { type CommandResult, CommandRun } from "./command_run.ts";
import { haleCommand } from "./hale_command.ts";
import { type FoundProcess, processesWith } from "./process_table.ts";

/** An event as `hale events --json` prints it. */
export type PrintedEvent = EventRecord & { readonly cursor: string };

/** Folder and environment of a command, if they differ from the defaults. */
export interface Place {
  readonly cwd?: string;
  /** Variables in addition to those of the test. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it leads a session and a process group of its own. @default false */
  readonly detached?: boolean;
}

/** The environment without variables of hale and of colours. */
const AMBIENT = /^(HALE|RIVET|NO_COLOR$|FORCE_COLOR$)/i;

/**
 * Defines a test of the command line. Afterwards its services and its supervisor are stopped and its
 * folders removed. It fails if a process remains.
 *
 * @param name Name of the test.
 * @param test The test.
 * @param options `ignore`: whether it is skipped.
 */
export function haleTest(
  name: string,
  test: (hale: Hale) => Promise<void>,
  options: { readonly ignore?: boolean } = {},
): void {
  // The services of these tests need a POSIX shell.
  unixTest(name, async () => {
    const hale = await Hale.create();
    const failures: unknown[] = [];
    await test(hale).catch((error) => failures.push(error));
    if (failures.length > 0) await hale.tellSupervisorLog();
    await hale.end().catch((error) => failures.push(error));
    if (failures.length > 1) throw new AggregateError(failures, "The test and its end failed.");
    if (failures.length > 0) throw failures[0];
  }, options);
}

/** A folder with a `hale.toml` and a home. */
export class Hale {
  /** Folder of all files of this test. */
  readonly #root: string;
  readonly #runs: CommandRun[] = [];
  /** Folder of the `hale.toml`. */
  readonly folder: string;
  /** `HALE_HOME`. It does not exist at first. */
  readonly home: string;
  /** The environment of every command. */
  readonly env: Record<string, string>;
  /** A program and arguments that run every command of hale, such as one that takes rights away. */
  through: readonly string[] = [];

  private constructor(root: string) {
    this.#root = root;
    this.folder = join(root, "project");
    this.home = join(root, "home");
    const ambient = Object.entries(Deno.env.toObject()).filter(([name]) => !AMBIENT.test(name));
    this.env = { ...Object.fromEntries(ambient), HALE_HOME: this.home };
  }

  static async create(): Promise<Hale> {
    const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "hale-e2e-" }));
    const hale = new Hale(root);
    await Deno.mkdir(hale.folder);
    return hale;
  }

  /** Writes the `hale.toml`. */
  async config(toml: string): Promise<void> {
    await this.write("hale.toml", toml);
  }

  /** Writes a `hale.toml` with services. */
  async services(services: Readonly<Record<string, ServiceTables>>): Promise<void> {
    await this.config(stringify({ services }));
  }

  /** Writes a file into the folder of the `hale.toml`. */
  async write(name: string, text: string, options: Deno.WriteFileOptions = {}): Promise<string> {
    const path = join(this.folder, name);
    await Deno.writeTextFile(path, text, options);
    return path;
  }

  /** Runs a command to its end. */
  run(...args: string[]): Promise<CommandResult> {
    return this.start(args).result;
  }

  /** Runs a command to its end, in another folder or environment. */
  runAt(place: Place, ...args: string[]): Promise<CommandResult> {
    return this.start(args, place).result;
  }

  /** Runs a command that must succeed. */
  async ok(...args: string[]): Promise<CommandResult> {
    const result = await this.run(...args);
    if (result.code === 0) return result;
    throw new Error(`hale ${args.join(" ")} ended with ${result.code}:\n${result.stderr}`);
  }

  /** Runs a command with `--json` and parses its single result, for any exit status. */
  // deno-lint-ignore no-explicit-any
  async json(...args: string[]): Promise<any> {
    const { stdout, stderr } = await this.run(...args, "--json");
    try {
      return JSON.parse(stdout);
    } catch (error) {
      throw new Error(`hale ${args.join(" ")} --json printed no JSON:\n${stdout}\n${stderr}`, {
        cause: error,
      });
    }
  }

  /** Starts a command without waiting for it. It is killed at the end of the test. */
  start(args: readonly string[], place: Place = {}): CommandRun {
    const { program, args: rest } = haleCommand(args);
    const [first = program, ...others] = [...this.through, program, ...rest];
    return this.#start({ program: first, args: others }, place);
  }

  /**
   * Starts an `sh` script in its own session and process group, as in a terminal.
   *
   * @param text The script, in which `"$@"` is the command line of hale.
   * @param args The arguments of `hale` in that.
   */
  startInTerminal(text: string, ...args: string[]): CommandRun {
    const { program, args: all } = haleCommand(args);
    const shell = { program: "/bin/sh", args: ["-c", text, "sh", program, ...all] };
    return this.#start(shell, { detached: true });
  }

  /**
   * Starts an `sh` script in its own process group without waiting for it. It is killed at the end of
   * the test.
   */
  startShell(text: string): CommandRun {
    return this.#start({ program: "/bin/sh", args: ["-c", text] }, { detached: true });
  }

  /** Starts a program without waiting for it. It is killed at the end of the test. */
  startProgram(program: string, ...args: string[]): CommandRun {
    return this.#start({ program, args }, {});
  }

  #start(command: { program: string; args: string[] }, place: Place): CommandRun {
    const run = new CommandRun({
      ...command,
      cwd: place.cwd ?? this.folder,
      env: { ...this.env, ...place.env },
      detached: place.detached ?? false,
    });
    this.#runs.push(run);
    return run;
  }

  /** Returns the status of a service. */
  async status(name: string): Promise<ServiceStatus> {
    const [status] = await this.json("status", name);
    return status;
  }

  /** Waits until the status of a service meets a condition. */
  async statusOnce(name: string, isSo: (status: ServiceStatus) => boolean): Promise<ServiceStatus> {
    return await until(async () => {
      const status = await this.status(name);
      return isSo(status) && status;
    }, 20_000);
  }

  /** Returns all events, or those after a cursor. */
  async events(after?: string): Promise<PrintedEvent[]> {
    const from = after === undefined ? [] : ["--after", after];
    const { stdout } = await this.ok("events", "--limit", "1000", "--json", ...from);
    return stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  }

  /** Reads the log of a service from its files. */
  async output(service: string, stream = "stdout", runtime?: string): Promise<string> {
    const runtimes = join(this.home, "runtimes");
    const id = runtime ?? [...Deno.readDirSync(runtimes)][0]!.name;
    return await Deno.readTextFile(
      join(runtimes, id, "services", service, "logs", `${stream}.log`),
    );
  }

  /** Returns the processes of a service from the process table. */
  async processesOf(service: string): Promise<FoundProcess[]> {
    return (await processesWith(this.#root)).filter((found) => found.service === service);
  }

  /** Returns the pids of the running launches of a service; there should be at most one. */
  async launchesOf(service: string): Promise<number[]> {
    return (await this.processesOf(service)).filter(({ leads }) => leads).map(({ pid }) => pid);
  }

  /** Returns the pid of the supervisor of the home; null if it has no endpoint file. */
  async supervisor(): Promise<SupervisorEndpoint | null> {
    try {
      return JSON.parse(await Deno.readTextFile(join(this.home, "supervisor", "endpoint.json")));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  }

  /** Returns whether a pid is that of a running process of this test. */
  async isRunning(pid: number): Promise<boolean> {
    return (await processesWith(this.#root)).some((found) => found.pid === pid);
  }

  /** Kills the supervisor with SIGKILL. */
  async killSupervisor(): Promise<void> {
    const { pid } = (await this.supervisor())!;
    Deno.kill(pid, "SIGKILL");
    await until(async () => !await this.isRunning(pid));
  }

  /** Lists the files in a folder of the home, by path. */
  filesIn(...path: string[]): string[] {
    return filesBelow(join(this.home, ...path));
  }

  /** Prints the log of the supervisor, which explains a failed test. */
  async tellSupervisorLog(): Promise<void> {
    const log = join(this.home, "supervisor", "log");
    const text = await Deno.readTextFile(log).catch(() => "");
    if (text !== "") console.error(`The supervisor's log:\n${text}`);
  }

  /**
   * Stops the services and the supervisor, and removes all files.
   *
   * @throws {Error} If a process remains. It is killed.
   */
  async end(): Promise<void> {
    try {
      await this.#endProcesses();
    } finally {
      await Deno.remove(this.#root, { recursive: true });
    }
  }

  async #endProcesses(): Promise<void> {
    for (const run of this.#runs) {
      run.kill();
      await run.result.catch(() => {});
    }
    const services = (await processesWith(this.#root)).filter(({ service }) => service !== null);
    if (services.length > 0) await this.#stopServices();
    const supervisor = await this.supervisor();
    if (supervisor !== null && await this.isRunning(supervisor.pid)) {
      Deno.kill(supervisor.pid, "SIGTERM");
      await until(async () => !await this.isRunning(supervisor.pid)).catch(() => {});
    }
    const left = await processesWith(this.#root);
    for (const { pid } of left) killQuietly(pid);
    if (left.length === 0) return;
    const names = left.map(({ pid, command }) => `${pid} ${command}`).join("\n  ");
    throw new Error(`These processes were left over:\n  ${names}`);
  }

  /** Lists all runtimes of the home, also those whose `hale.toml` was removed. */
  async #stopServices(): Promise<void> {
    const snapshots = this.filesIn("runtimes").filter((path) => basename(path) === "runtime.json");
    for (const path of snapshots) {
      const { config_path } = JSON.parse(await Deno.readTextFile(path));
      const config = config_path === null ? [] : ["--config", config_path];
      await this.runAt({ cwd: this.home }, "down", "--quiet", ...config);
    }
  }
}

function filesBelow(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
      isDirectory ? filesBelow(join(folder, name)) : [join(folder, name)]
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function killQuietly(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
