/**
 * The launcher on Linux and macOS: a shell that hale starts, and that becomes the service's program.
 *
 * @module
 */

import { parseStat } from "./processes/linux_processes.ts";
import { MARK_DESCRIPTOR } from "./processes/mark_descriptor.ts";
import { LAUNCHER_NAME, NOT_EXECUTABLE, SETUP_FAILED } from "./launcher_status.ts";
import type { Detached, DetachedPlan, LauncherFailure, PidFile } from "./types.ts";

/** Pauses before the retries of a busy executable, in seconds: 2 s together. */
const BUSY_PAUSES = "0.1 0.2 0.3 0.6 0.8 ";

/** First argument of a launcher that runs again: descriptor 8 is already open. */
const KEEP_DESCRIPTOR = "-";

/**
 * The launcher. It writes its pid, boot and start time to the pid file before it runs the program, so
 * every launch can be found even if the supervisor is killed. `set -C` creates the file exclusively:
 * a supervisor that abandons a launch creates the file first, and a late launcher then exits without
 * running the program. `exec` keeps the pid and leaves no shell. `read` is a builtin: nothing is
 * forked. `true` opens the logs first, because a shell whose `exec` cannot redirect exits with a
 * status of its own (POSIX, 2.8.1).
 *
 * Descriptor 8 stays open for appending to the pid file: the program and its descendants inherit it,
 * which proves that they belong to the launch. It survives `setsid` and a program that overwrites its
 * environment (measured with nginx and redis-server). A process that only reads the file
 * proves nothing.
 *
 * A launcher that fails appends `failed STATUS` to the pid file, so that the exit status of a program
 * is never mistaken for its own. In dash a failed `exec` runs the trap; bash needs `execfail`. An
 * executable that another process has open for writing (ETXTBSY) is tried again by a new shell,
 * because a trap runs only once. `nice` runs a new shell too: then only the shell runs the program.
 *
 * The names of its variables and functions begin with `hale_launch_`: a variable of the service that has
 * the same name would be overwritten.
 */
const LAUNCHER = `
if [ -z "$1" ]; then exec ${MARK_DESCRIPTOR}>&-
elif [ "$1" != "${KEEP_DESCRIPTOR}" ]; then
  { read -r hale_launch_boot </proc/sys/kernel/random/boot_id
    read -r hale_launch_stat </proc/$$/stat; } 2>/dev/null
  set -C
  printf '%s\\n%s\\n%s\\n' "$$" "$hale_launch_boot" "$hale_launch_stat" >"$1" || exit ${SETUP_FAILED}
  set +C
  exec ${MARK_DESCRIPTOR}>>"$1"
fi
hale_launch_failed() {
  case $1:$(tail -n 2 "$hale_launch_stderr" 2>/dev/null) in
  ${NOT_EXECUTABLE}:*"ext file busy"*)
    shift
    if [ -n "$hale_launch_pauses" ]; then
      sleep "\${hale_launch_pauses%% *}"
      exec /bin/sh -c "$hale_launch_script" ${LAUNCHER_NAME} "$hale_launch_fd" "$hale_launch_stdout" \\
        "$hale_launch_stderr" "" "" "" "" "\${hale_launch_pauses#* }" "$hale_launch_script" "$@"
    fi
    [ -z "$hale_launch_fd" ] || printf 'failed ${NOT_EXECUTABLE} busy\\n' >&${MARK_DESCRIPTOR} ;;
  *) [ -z "$hale_launch_fd" ] || printf 'failed %s\\n' "$1" >&${MARK_DESCRIPTOR} ;;
  esac
}
hale_launch_fd=\${1:+${KEEP_DESCRIPTOR}} hale_launch_stdout=$2 hale_launch_stderr=$3
hale_launch_pauses=$8 hale_launch_script=$9
trap 'hale_launch_failed "$?" "$@"' EXIT
true >>"$2" 2>>"$3" || exit ${SETUP_FAILED}
exec >>"$2" 2>>"$3"
if [ -n "$4" ]; then ulimit -d "$4" || exit ${SETUP_FAILED}; fi
if [ -n "$5" ]; then ulimit -n "$5" || exit ${SETUP_FAILED}; fi
if [ -n "$6" ]; then umask "$6" || exit ${SETUP_FAILED}; fi
hale_launch_nice=$7
shift 9
if [ -n "$hale_launch_nice" ]; then
  exec nice -n "$hale_launch_nice" /bin/sh -c "$hale_launch_script" ${LAUNCHER_NAME} \\
    "$hale_launch_fd" "$hale_launch_stdout" "$hale_launch_stderr" "" "" "" "" \\
    "$hale_launch_pauses" "$hale_launch_script" "$@"
fi
[ -z "$BASH_VERSION" ] || shopt -s execfail
exec "$@"
exit
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
 * Separates the variables that a shell does not pass on unchanged: those whose names are not valid in
 * it, such as `discovery.type`, and its own. `env` sets them after it.
 */
function splitEnvironment(
  all: Readonly<Record<string, string>>,
): { env: Record<string, string>; unnameable: readonly string[] } {
  const entries = Object.entries(all);
  const isNameable = ([name]: [string, string]) =>
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !OF_THE_SHELL.has(name);
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
  return {
    pid: Number(pid),
    startTime: parsed?.startTime ?? null,
    bootId: boot || null,
    failure: readFailure(lines.slice(3)),
  };
}

/** The program inherits the descriptor of the file: only the launcher's first line after its own counts. */
function readFailure([line = ""]: readonly string[]): LauncherFailure | null {
  const match = /^failed ([0-9]+)( busy)?$/.exec(line);
  return match === null ? null : { status: Number(match[1]), busy: match[2] !== undefined };
}
