/**
 * The launcher on Windows: hale starts the program itself, without a shell, and writes the pid file.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Detached, DetachedPlan, PidFile } from "./types.ts";

/**
 * Starts a program without a console of ours, its output appended to files.
 *
 * `Deno.Command` cannot send a child's output to a file without a shell in between, and `cmd.exe`
 * splits arguments its own way; `node:child_process` takes file descriptors.
 *
 * @param plan What to start.
 * @returns The process. Intentionally orphaned: dropping it does not stop it.
 * @throws If the working folder or the program is not there.
 */
export function openDetached(plan: DetachedPlan): Detached {
  const stdout = openSync(plan.stdoutPath, "a");
  const stderr = openSync(plan.stderrPath, "a");
  try {
    const child = spawn(plan.program, [...plan.args], {
      cwd: plan.cwd,
      env: { ...plan.env },
      detached: true,
      windowsHide: true,
      stdio: ["ignore", stdout, stderr],
    });
    // Node tells of a failed start a second time, by an event, which would end us if nobody listened.
    child.once("error", () => {});
    if (child.pid === undefined) throw new Error(`${plan.program} could not be started`);
    // Here the starter writes the pid file: a supervisor killed between the two lines loses the
    // launch, which the documentation says.
    if (plan.pidPath !== null) {
      Deno.writeTextFileSync(plan.pidPath, `${child.pid}\n`, { createNew: true });
    }
    const status = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    return { pid: child.pid, status, unref: () => child.unref() };
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
}

/**
 * Reads what was written at the launch.
 *
 * @param text Contents of the pid file.
 * @returns What it says, or null where it is not whole.
 */
export function readPidFile(text: string): PidFile | null {
  const match = /^([1-9][0-9]*)\n/.exec(text);
  return match === null ? null : { pid: Number(match[1]), startTime: null, bootId: null };
}
