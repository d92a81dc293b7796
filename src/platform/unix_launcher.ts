/**
 * The launcher on Linux and macOS: a shell that hale starts, and that becomes the service's program.
 *
 * @module
 */

import { HaleError } from "../errors.ts";
import { type ExactCommand, exactCommand, PERL } from "./exact_launcher.ts";
import { BUSY_PAUSES, DEFAULT_LIMITS, launcherScript } from "./launcher_script.ts";
import { LAUNCHER_NAME } from "./launcher_status.ts";
import { parseStartTime } from "./processes/darwin_processes.ts";
import { parseStat } from "./processes/linux_processes.ts";
import type { Detached, DetachedPlan, LauncherFailure, PidFile } from "./types.ts";

const LAUNCHER = launcherScript(Deno.build.os === "darwin" ? "darwin" : "linux");

/**
 * Starts a program in its own session. Its output is appended to files. It gets the environment of the
 * plan and `PWD`, no descriptor but that of the pid file, and no ignored signal.
 *
 * @param plan What to start.
 * @param exact Returns how the environment is passed on; null if only the shell can do it. @default Perl
 * @returns The process. Intentionally orphaned: dropping it does not stop it.
 * @throws If the working folder does not exist or the system refuses to create a process.
 * @throws {HaleError} `spawn_failed` If a variable cannot be passed on unchanged.
 */
export function openDetached(
  plan: DetachedPlan,
  exact: typeof exactCommand = exactCommand,
): Detached {
  const all = { PWD: plan.cwd, ...plan.env };
  const refusal = refusedVariable(all);
  if (refusal !== null) throw notStarted(plan, refusal);
  const { env, prefix } = exact(all, { resetNice: plan.limits === "default" }) ??
    byShell(plan, all);
  const child = new Deno.Command("/bin/sh", {
    args: [
      "-c",
      LAUNCHER,
      LAUNCHER_NAME,
      plan.pidPath ?? "",
      plan.stdoutPath,
      plan.stderrPath,
      plan.memoryBytes === null ? "" : String(Math.floor(plan.memoryBytes / 1024)),
      plan.limits === "default" ? DEFAULT_LIMITS : plan.openFiles?.toString() ?? "",
      plan.umask ?? "",
      plan.nice === null ? "" : String(plan.nice),
      BUSY_PAUSES,
      LAUNCHER,
      ...prefix,
      plan.program,
      ...plan.args,
    ],
    cwd: plan.cwd,
    env,
    clearEnv: true,
    detached: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return {
    pid: child.pid,
    status: child.status.then((status) => ({
      // After signal n Deno also reports the code 128 + n, which is not an exit code of the program.
      code: status.signal === null ? status.code : null,
      signal: status.signal,
    })),
    unref: () => child.unref(),
  };
}

/** Returns why a variable cannot be part of an environment. Values are not shown. */
function refusedVariable(env: Readonly<Record<string, string>>): string | null {
  for (const [name, value] of Object.entries(env)) {
    if (name === "" || /[=\0]/.test(name)) {
      return `${
        JSON.stringify(name)
      } cannot be the name of an environment variable. A name has at ` +
        'least one character, and none of them is "=" or NUL.';
    }
    if (value.includes("\0")) {
      return `the value of the environment variable ${name} has a NUL character, which no process ` +
        "can be given. Remove it.";
    }
  }
  return null;
}

function notStarted({ program }: DetachedPlan, why: string): HaleError {
  return new HaleError("spawn_failed", `Could not start ${program}: ${why}`, {
    fields: { program },
  });
}

/**
 * Variables of a shell. It resets them (`IFS`), refuses to run with them (dash: `OPTIND=x`), or does not
 * let them be set (bash: `UID`). It also sets `PWD`, and bash `SHLVL` and `_`.
 */
const OF_THE_SHELL =
  /^(?:IFS|OPT[A-Z]+|PPID|E?UID|GROUPS|S?RANDOM|SECONDS|LINENO|SHELLOPTS|BASH.*|hale_launch_.*)$/s;

/** The environment as a shell passes it on. */
function byShell(plan: DetachedPlan, env: Readonly<Record<string, string>>): ExactCommand {
  const lost = Object.keys(env).filter((name) =>
    !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || OF_THE_SHELL.test(name)
  );
  if (lost.length > 0) {
    const names = lost.slice(0, 3).join(", ") + (lost.length > 3 ? ", ..." : "");
    throw notStarted(
      plan,
      `/bin/sh does not pass on the environment variable ${names} unchanged, and there is no ${PERL}, ` +
        "which does. Install Perl, or rename or remove the variable.",
    );
  }
  return { prefix: [], env };
}

/**
 * Parses a pid file.
 *
 * @param text Contents of the pid file.
 * @returns The contents, or null if the launcher has not finished writing them.
 */
export function readPidFile(text: string): PidFile | null {
  const lines = text.split("\n");
  if (lines.length < 4) return null;
  const [pid, boot, stat] = lines as [string, string, string];
  if (!/^[1-9][0-9]*$/.test(pid)) return null;
  return {
    pid: Number(pid),
    startTime: parseStat(stat)?.startTime ?? parseStartTime(stat),
    bootId: boot || null,
    startedBetween: null,
    failure: readFailure(lines.slice(3)),
  };
}

/** The program inherits the descriptor of the file: only the launcher's first line after its own counts. */
function readFailure([line = ""]: readonly string[]): LauncherFailure | null {
  const match = /^failed ([0-9]+)( busy)?$/.exec(line);
  return match === null ? null : { status: Number(match[1]), busy: match[2] !== undefined };
}
