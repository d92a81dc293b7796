/**
 * The launcher on Windows: hale starts the program without a shell and writes the pid file itself.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import type { Detached, DetachedPlan, PidFile } from "./types.ts";

/**
 * Starts a program without a console. Its output is appended to files.
 *
 * `Deno.Command` cannot send a child's output to a file without a shell, and `cmd.exe` has its own
 * rules for splitting arguments. `node:child_process` takes file descriptors.
 *
 * @param plan What to start.
 * @returns The process. Intentionally orphaned: dropping it does not stop it.
 * @throws If the working folder or the program does not exist.
 */
export function openDetached(plan: DetachedPlan): Detached {
  const problem = batchProblem(plan.program, plan.args);
  if (problem !== null) throw new Error(problem);
  const from = ticksOf(Date.now() - CLOCK_SLACK_MS);
  // Exclusively, and before the program runs: a supervisor that abandons a launch creates the file first.
  const pidFile = plan.pidPath === null ? null : openSync(plan.pidPath, "wx");
  const files = pidFile === null ? [] : [pidFile];
  let child: ChildProcess | undefined;
  try {
    const stdout = openSync(plan.stdoutPath, "a");
    files.push(stdout);
    const stderr = openSync(plan.stderrPath, "a");
    files.push(stderr);
    child = spawn(plan.program, [...plan.args], {
      cwd: plan.cwd,
      env: { ...plan.env },
      detached: true,
      windowsHide: true,
      stdio: ["ignore", stdout, stderr],
    });
    // Node also reports a failed start by an event, which would end hale if it had no listener.
    child.once("error", () => {});
    if (child.pid === undefined) throw new Error(`${plan.program} could not be started`);
    // Without a shell, hale writes the pid after the start. If the supervisor is killed between the two,
    // the launch is lost; the manual documents this.
    if (pidFile !== null) {
      writeSync(pidFile, `${child.pid}\n${from}\n${ticksOf(Date.now() + CLOCK_SLACK_MS)}\n`);
    }
    const started = child;
    const status = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      started.once("exit", (code, signal) => resolve({ code, signal }));
    });
    return { pid: child.pid, status, unref: () => started.unref() };
  } catch (error) {
    // Such as a full disk: no program may run without its pid file, and no file without its program.
    if (child?.pid !== undefined) child.kill("SIGKILL");
    if (plan.pidPath !== null) Deno.removeSync(plan.pidPath);
    throw error;
  } finally {
    for (const file of files) closeSync(file);
  }
}

/**
 * How far the clock of this process and the start times of the system may differ. The system's clock
 * advances in steps of up to 16 ms.
 */
const CLOCK_SLACK_MS = 100;

/**
 * Converts a time to the unit of start times.
 *
 * @param ms Milliseconds since 1970.
 * @returns Units of 100 ns since the year 1, as .NET counts them.
 */
export function ticksOf(ms: number): string {
  return String(621_355_968_000_000_000n + BigInt(ms) * 10_000n);
}

/**
 * Returns why a batch file cannot be given its arguments.
 *
 * `cmd.exe` runs batch files, and has rules of its own for arguments. Deno quotes them so that they arrive as they
 * are (runtime/subprocess_windows, `make_bat_command_line`, as in Rust's library), except for line breaks.
 *
 * @param program Path of the program.
 * @param args Its arguments.
 * @returns The reason; null if it is no batch file or takes them.
 */
export function batchProblem(program: string, args: readonly string[]): string | null {
  if (!/\.(cmd|bat)$/i.test(program)) return null;
  const index = args.findIndex((arg) => /[\r\n]/.test(arg));
  if (index === -1) return null;
  return `its argument ${index + 1} has a line break, which cmd.exe cannot pass to a batch file. ` +
    "Write the text into a file, or start the program that the batch file starts";
}

/**
 * Parses a pid file. hale cannot read the start time without PowerShell, which takes too long for each
 * launch. It writes the times between which it started the program: a process that has the pid later,
 * and started at another time, is another program.
 *
 * @param text Contents of the pid file.
 * @returns The contents, or null if they are incomplete.
 */
export function readPidFile(text: string): PidFile | null {
  const match = /^([1-9][0-9]*)\n([0-9]+)\n([0-9]+)\n/.exec(text);
  return match === null ? null : {
    pid: Number(match[1]),
    startTime: null,
    bootId: null,
    startedBetween: [match[2]!, match[3]!],
    failure: null,
  };
}
