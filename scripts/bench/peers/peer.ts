/**
 * What a process manager must be able to do to be measured.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import { join } from "@std/path";

/** One process manager, with a folder of its own. */
export interface Peer extends AsyncDisposable {
  readonly name: string;
  /** Writes down services; nothing runs. Called once. */
  define(services: readonly BenchService[]): Promise<void>;
  /** Starts the manager, where nothing of it runs yet, and these services. */
  startFirst(names: readonly string[]): Promise<void>;
  /** Starts a service that was defined and does not run. */
  start(name: string): Promise<void>;
  stop(name: string): Promise<void>;
  /** What a person types to see how all of them are. */
  status(): Promise<void>;
  pidOf(name: string): Promise<number>;
  /** Pids of the manager itself. */
  managers(): Promise<readonly number[]>;
}

/** A service to measure with: `sh` that says that it runs, and then does what `then` says. */
export class BenchService {
  readonly name: string;
  readonly marker: string;
  readonly script: string;
  readonly lives: boolean;

  /**
   * @param folder Where it leaves its marker.
   * @param name Its name.
   * @param lives Whether it stays; one that does not fails as soon as it has said that it runs.
   */
  constructor(folder: string, name: string, lives = true) {
    const then = lives ? "exec sleep 100000" : "exit 1";
    this.name = name;
    this.lives = lives;
    this.marker = join(folder, `${name}.marker`);
    this.script = `echo >> '${this.marker}'; ${then}`;
  }

  /** How often it was started. */
  get starts(): number {
    try {
      return Deno.statSync(this.marker).size;
    } catch {
      return 0;
    }
  }

  /**
   * Waits for the first instruction of its next start.
   *
   * @param before {@linkcode BenchService.starts} before what is measured.
   * @param startedAt When that began, by `performance.now()`.
   * @returns Milliseconds since then.
   */
  async nextStart(before: number, startedAt: number): Promise<number> {
    while (this.starts <= before) {
      if (performance.now() - startedAt > 30_000) throw new Error(`${this.name} did not start`);
      await delay(0);
    }
    return performance.now() - startedAt;
  }
}

/**
 * Runs a program to its end.
 *
 * @param program The program.
 * @param args Its arguments.
 * @param options Its environment and folder.
 * @returns What it wrote to standard output.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string; mayFail?: boolean } = {},
): Promise<string> {
  const { mayFail = false, ...rest } = options;
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    ...rest,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  if (!success && !mayFail) {
    throw new Error(`${program} ${args.join(" ")}: ${decoder.decode(stderr)}`);
  }
  return decoder.decode(stdout);
}

/**
 * Whether a program is there.
 *
 * @param program Its name.
 * @returns True where PATH has it.
 */
export async function isInstalled(program: string): Promise<boolean> {
  const { success } = await new Deno.Command("/bin/sh", {
    args: ["-c", 'command -v "$1" >/dev/null', "sh", program],
  }).output();
  return success;
}
