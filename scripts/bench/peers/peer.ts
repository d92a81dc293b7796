/**
 * The interface of a process manager to be measured.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import { join } from "@std/path";

/** A process manager with its own folder. */
export interface Peer extends AsyncDisposable {
  readonly name: string;
  /** Configures services without starting them. Called once. */
  define(services: readonly BenchService[]): Promise<void>;
  /** Starts the manager, which does not run yet, and these services. */
  startFirst(names: readonly string[]): Promise<void>;
  /** Starts a configured service that does not run. */
  start(name: string): Promise<void>;
  stop(name: string): Promise<void>;
  /** Runs the command that shows the status of all services. */
  status(): Promise<void>;
  pidOf(name: string): Promise<number>;
  /** Pids of the manager itself. */
  managers(): Promise<readonly number[]>;
}

/** A service for measurements: a shell that writes a line and then sleeps or exits. */
export class BenchService {
  readonly name: string;
  readonly marker: string;
  readonly script: string;
  readonly lives: boolean;

  /**
   * @param folder Folder of its marker file.
   * @param name Its name.
   * @param lives Whether it keeps running. If not, it exits with 1 after writing its line.
   */
  constructor(folder: string, name: string, lives = true) {
    const then = lives ? "exec sleep 100000" : "exit 1";
    this.name = name;
    this.lives = lives;
    this.marker = join(folder, `${name}.marker`);
    this.script = `echo >> '${this.marker}'; ${then}`;
  }

  /** Number of its starts. */
  get starts(): number {
    try {
      return Deno.statSync(this.marker).size;
    } catch {
      return 0;
    }
  }

  /**
   * Waits until its next start has written its line.
   *
   * @param before {@linkcode BenchService.starts} before the measured action.
   * @param startedAt Start of the measured action, from `performance.now()`.
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
 * Runs a program and returns its output.
 *
 * @param program The program.
 * @param args Its arguments.
 * @param options Its environment and folder.
 * @returns Its standard output.
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
 * Returns whether a program is installed.
 *
 * @param program Its name.
 * @returns True if it is on PATH.
 */
export async function isInstalled(program: string): Promise<boolean> {
  const { success } = await new Deno.Command("/bin/sh", {
    args: ["-c", 'command -v "$1" >/dev/null', "sh", program],
  }).output();
  return success;
}
