import { MARK_DESCRIPTOR } from "./processes/mark_descriptor.ts";
import { LAUNCHER_NAME, NOT_EXECUTABLE, NOT_FOUND, SETUP_FAILED } from "./launcher_status.ts";

/** Pauses before the retries of a busy executable, in seconds: 2 s together. */
export const BUSY_PAUSES = "0.1 0.2 0.3 0.6 0.8 ";

/** First argument of a launcher that runs again: descriptor 8 is already open. */
const KEEP_DESCRIPTOR = "-";

/** Fifth argument of a launcher that raises the limit of open files as far as it may. */
export const RAISE_OPEN_FILES = "raise";

/** Shell commands that read boot and start time of the launcher, which the program keeps. */
const READ_IDENTITY = {
  linux: `{ read -r hale_launch_boot </proc/sys/kernel/random/boot_id
    read -r hale_launch_stat </proc/$$/stat; } 2>/dev/null`,
  // `exec` does not change the start time (xnu, bsd/kern/kern_fork.c).
  darwin: `hale_launch_boot=$(/usr/sbin/sysctl -n kern.bootsessionuuid 2>/dev/null)
  hale_launch_stat=$(LC_ALL=C TZ=UTC /bin/ps -o lstart= -p $$ 2>/dev/null)`,
} as const;

/**
 * The launcher. It writes its pid, boot and start time to the pid file before it runs the program, so
 * every launch can be found even if the supervisor is killed. `set -C` creates the file exclusively:
 * a supervisor that abandons a launch creates the file first, and a late launcher then exits without
 * running the program. `exec` keeps the pid and leaves no shell. On Linux nothing is forked: `read` is a
 * builtin. `true` opens the logs first, because a shell whose `exec` cannot redirect exits with a
 * status of its own (POSIX, 2.8.1).
 *
 * Descriptor 8 stays open for appending to the pid file: the program and its descendants inherit it,
 * which proves that they belong to the launch. It survives `setsid` and a program that overwrites its
 * environment (measured with nginx and redis-server). A process that only reads the file
 * proves nothing.
 *
 * A launcher that fails appends `failed STATUS` to the pid file, so that the exit status of a program
 * is never mistaken for its own. In dash a failed `exec` runs the trap. In bash, with `execfail`, it
 * returns; version 3.2, the `sh` of macOS, has then removed the trap, and its status is 126 for a missing
 * file and 1 for a bad interpreter or a program for another processor (builtins/exec.def).
 *
 * An executable that another process has open for writing (ETXTBSY) is tried again by a new shell,
 * because a trap runs only once. `nice` runs a new shell too: then only the shell runs the program.
 *
 * The names of its variables and functions begin with `hale_launch_`: a variable of the service that has
 * the same name would be overwritten.
 *
 * @param os The system.
 * @returns The script. Its arguments: pid file, both logs, limits of memory and open files, umask, niceness,
 * pauses, the script itself, program and arguments.
 */
export function launcherScript(os: "linux" | "darwin"): string {
  return `
if [ -z "$1" ]; then exec ${MARK_DESCRIPTOR}>&-
elif [ "$1" != "${KEEP_DESCRIPTOR}" ]; then
  ${READ_IDENTITY[os]}
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
if [ "$5" = ${RAISE_OPEN_FILES} ]; then
  for hale_launch_limit in 10240 4096 1024; do
    hale_launch_files=$(ulimit -S -n)
    if [ "$hale_launch_files" = unlimited ] || [ "$hale_launch_files" -ge "$hale_launch_limit" ]; then
      break
    fi
    ulimit -S -n "$hale_launch_limit" 2>/dev/null && break
  done
elif [ -n "$5" ]; then ulimit -n "$5" || exit ${SETUP_FAILED}; fi
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
hale_launch_status=$?
trap - EXIT
if ! [ -e "$1" ]; then hale_launch_status=${NOT_FOUND}
elif [ "$hale_launch_status" = 1 ]; then hale_launch_status=${NOT_EXECUTABLE}; fi
hale_launch_failed "$hale_launch_status" "$@"
exit "$hale_launch_status"
`;
}
