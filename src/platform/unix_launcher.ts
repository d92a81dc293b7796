/**
 * The launcher on Linux and macOS: a shell that hale starts, and that becomes the service's program.
 *
 * @module
 */

import { parseStartTime } from "./processes/darwin_processes.ts";
import { parseStat } from "./processes/linux_processes.ts";
import { LAUNCHER_NAME } from "./launcher_status.ts";
import { BUSY_PAUSES, launcherScript, RAISE_OPEN_FILES } from "./unix_launcher_script.ts";
import type { Detached, DetachedPlan, LauncherFailure, PidFile } from "./types.ts";

const OS = Deno.build.os === "darwin" ? "darwin" : "linux";
const LAUNCHER = launcherScript(OS);

/**
 * Starts a program in its own session. Its output is appended to files.
 *
 * @param plan What to start.
 * @returns The process. Intentionally orphaned: dropping it does not stop it.
 * @throws If the working folder does not exist or the system refuses to create a process.
 */
export function openDetached(plan: DetachedPlan): Detached {
  const { env, unnameable } = splitEnvironment(plan.env, OS);
  const child = new Deno.Command("/bin/sh", {
    args: [
      "-c",
      LAUNCHER,
      LAUNCHER_NAME,
      plan.pidPath ?? "",
      plan.stdoutPath,
      plan.stderrPath,
      plan.memoryBytes === null ? "" : String(Math.floor(plan.memoryBytes / 1024)),
      plan.openFiles === "raise" ? RAISE_OPEN_FILES : String(plan.openFiles ?? ""),
      plan.umask ?? "",
      plan.nice === null ? "" : String(plan.nice),
      BUSY_PAUSES,
      LAUNCHER,
      ...(unnameable.length === 0 ? [] : ["/usr/bin/env", ...unnameable]),
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

/**
 * Variables of a shell. It resets them (`IFS`), refuses to run with them (dash: `OPTIND=x`), or does not
 * let them be set (bash: `UID`).
 */
const OF_THE_SHELL: ReadonlySet<string> = new Set(
  ["IFS", "OPTIND", "PPID", "UID", "EUID", "SHELLOPTS", "BASHOPTS", "BASH_VERSINFO"],
);

/**
 * Further variables of bash, the `sh` of macOS: it replaces or removes each of them (tried with bash 3.2 and
 * 5.2).
 */
const OF_BASH: ReadonlySet<string> = new Set(
  ("BASH BASHPID BASH_ARGV0 BASH_COMMAND BASH_EXECUTION_STRING BASH_SUBSHELL BASH_VERSION " +
    "COMP_WORDBREAKS EPOCHREALTIME EPOCHSECONDS HISTCMD LINENO OPTERR POSIXLY_CORRECT PS1 PS2 PS4 RANDOM " +
    "SRANDOM").split(" "),
);

/**
 * Separates the variables that a shell does not pass on unchanged: those whose names are not valid in
 * it, such as `discovery.type`, and its own. `env` sets them after it. macOS removes `DYLD_*` from the
 * environment of its own programs, among them the shell, but not from the arguments of `env`.
 *
 * @param all The whole environment.
 * @param os The system.
 * @returns The environment of the shell, and entries for `env`.
 */
export function splitEnvironment(
  all: Readonly<Record<string, string>>,
  os: "linux" | "darwin",
): { env: Record<string, string>; unnameable: readonly string[] } {
  const entries = Object.entries(all);
  const isKept = ([name]: [string, string]) =>
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !OF_THE_SHELL.has(name) &&
    !(os === "darwin" && (OF_BASH.has(name) || name.startsWith("DYLD_")));
  return {
    env: Object.fromEntries(entries.filter(isKept)),
    unnameable: entries.filter((it) => !isKept(it)).map(([name, value]) => `${name}=${value}`),
  };
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
