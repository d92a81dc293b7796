/**
 * The launcher on Linux and macOS: a shell that hale starts, and that becomes the service's program.
 *
 * @module
 */

import { parseStat } from "./processes/linux_processes.ts";
import { LAUNCHER_NAME, SETUP_FAILED } from "./launcher_status.ts";
import type { Detached, DetachedPlan, PidFile } from "./types.ts";

/**
 * The launcher. It writes its pid, boot and start time to the pid file before it runs the program, so
 * every launch can be found even if the supervisor is killed. `set -C` creates the file exclusively:
 * a supervisor that abandons a launch creates the file first, and a late launcher then exits without
 * running the program. `exec` keeps the pid and leaves no shell. `read` is a builtin: nothing is
 * forked. `true` opens the logs first, because a shell whose `exec` cannot redirect exits with a
 * status of its own (POSIX, 2.8.1).
 */
const LAUNCHER = `
if [ -n "$1" ]; then
  { read -r boot </proc/sys/kernel/random/boot_id; read -r stat </proc/$$/stat; } 2>/dev/null
  set -C
  printf '%s\\n%s\\n%s\\n' "$$" "$boot" "$stat" >"$1" || exit ${SETUP_FAILED}
  set +C
fi
true >>"$2" 2>>"$3" || exit ${SETUP_FAILED}
exec >>"$2" 2>>"$3"
if [ -n "$4" ]; then ulimit -v "$4" || exit ${SETUP_FAILED}; fi
if [ -n "$5" ]; then ulimit -n "$5" || exit ${SETUP_FAILED}; fi
if [ -n "$6" ]; then umask "$6" || exit ${SETUP_FAILED}; fi
nice=$7
shift 7
if [ -n "$nice" ]; then exec nice -n "$nice" "$@"; fi
exec "$@"
`;

/**
 * Starts a program in its own session. Its output is appended to files.
 *
 * @param plan What to start.
 * @returns The process. Intentionally orphaned: dropping it does not stop it.
 * @throws If the working folder does not exist or the system refuses to create a process.
 */
export function openDetached(plan: DetachedPlan): Detached {
  const { env, unnameable } = splitEnvironment(plan.env);
  const child = new Deno.Command("/bin/sh", {
    args: [
      "-c",
      LAUNCHER,
      LAUNCHER_NAME,
      plan.pidPath ?? "",
      plan.stdoutPath,
      plan.stderrPath,
      plan.memoryBytes === null ? "" : String(Math.floor(plan.memoryBytes / 1024)),
      plan.openFiles === null ? "" : String(plan.openFiles),
      plan.umask ?? "",
      plan.nice === null ? "" : String(plan.nice),
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
 * Separates the variables whose names are not valid in a shell, such as `discovery.type`. A shell
 * would drop them, so `env` sets them after it.
 */
function splitEnvironment(
  all: Readonly<Record<string, string>>,
): { env: Record<string, string>; unnameable: readonly string[] } {
  const entries = Object.entries(all);
  const isNameable = ([name]: [string, string]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
  return {
    env: Object.fromEntries(entries.filter(isNameable)),
    unnameable: entries.filter((it) => !isNameable(it)).map(([name, value]) => `${name}=${value}`),
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
  const parsed = stat === "" ? null : parseStat(stat);
  return { pid: Number(pid), startTime: parsed?.startTime ?? null, bootId: boot || null };
}
