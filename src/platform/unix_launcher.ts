/**
 * The launcher on Linux and macOS: what runs between hale and a service's program.
 *
 * @module
 */

import { parseStat } from "./processes/linux_processes.ts";
import { LAUNCHER_NAME, NOT_PREPARED } from "./launcher_status.ts";
import type { Detached, DetachedPlan, PidFile } from "./types.ts";

/**
 * The launcher. Its own pid, boot and start time stand in the pid file before the program runs, so
 * a supervisor that is killed at any moment finds every launch. `set -C` makes the pid file
 * exclusive: a supervisor that gave a launch up claims the file, and a late launcher then ends
 * without running anything. `exec` keeps the pid and leaves no shell behind. The reads are builtins:
 * nothing is forked on the way. The logs are tried with `true` first, because a shell ends by itself,
 * with its own status, where an `exec` cannot redirect (POSIX, 2.8.1).
 */
const LAUNCHER = `
if [ -n "$1" ]; then
  { read -r boot </proc/sys/kernel/random/boot_id; read -r stat </proc/$$/stat; } 2>/dev/null
  set -C
  printf '%s\\n%s\\n%s\\n' "$$" "$boot" "$stat" >"$1" || exit ${NOT_PREPARED}
  set +C
fi
true >>"$2" 2>>"$3" || exit ${NOT_PREPARED}
exec >>"$2" 2>>"$3"
if [ -n "$4" ]; then ulimit -v "$4" || exit ${NOT_PREPARED}; fi
if [ -n "$5" ]; then ulimit -n "$5" || exit ${NOT_PREPARED}; fi
if [ -n "$6" ]; then umask "$6" || exit ${NOT_PREPARED}; fi
nice=$7
shift 7
if [ -n "$nice" ]; then exec nice -n "$nice" "$@"; fi
exec "$@"
`;

/**
 * Starts a program in a session of its own, its output appended to files.
 *
 * @param plan What to start.
 * @returns The process. Intentionally orphaned: dropping it does not stop it.
 * @throws If the working folder is not there or the system refuses another process.
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
      // Deno reports 128 + n as the code of a death by signal n; the signal alone is the truth.
      code: status.signal === null ? status.code : null,
      signal: status.signal,
    })),
    unref: () => child.unref(),
  };
}

/**
 * Takes out the variables that a shell would drop because it cannot name them itself, such as
 * `discovery.type`: `env` sets them after the shell.
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
 * Reads what the launcher wrote.
 *
 * @param text Contents of the pid file.
 * @returns What it says, or null where the launcher has not finished writing.
 */
export function readPidFile(text: string): PidFile | null {
  const lines = text.split("\n");
  if (lines.length < 4) return null;
  const [pid, boot, stat] = lines as [string, string, string];
  if (!/^[1-9][0-9]*$/.test(pid)) return null;
  const parsed = stat === "" ? null : parseStat(stat);
  return { pid: Number(pid), startTime: parsed?.startTime ?? null, bootId: boot || null };
}
