/**
 * The shell script of the launcher on Linux and macOS.
 *
 * @module
 */

import { MARK_DESCRIPTOR } from "./processes/mark_descriptor.ts";
import { LAUNCHER_NAME, NOT_EXECUTABLE, NOT_FOUND, SETUP_FAILED } from "./launcher_status.ts";

/** Pauses before the retries of a busy executable, in seconds: 2 s together. */
export const BUSY_PAUSES = "0.1 0.2 0.3 0.6 0.8 ";

/** First argument of a launcher that runs again: descriptor 8 is already open. */
const KEEP_DESCRIPTOR = "-";

/** In place of a limit of open files: the limits of a supervisor. */
export const DEFAULT_LIMITS = "default";

/** Below this, the launcher of a supervisor warns in its log. */
const FEW_FILES = 1024;

/** Shell commands that read boot and start time of the launcher, which the program keeps. */
const READ_IDENTITY = {
  linux: `{ read -r hale_launch_boot </proc/sys/kernel/random/boot_id
    read -r hale_launch_stat </proc/$$/stat; } 2>/dev/null`,
  // `exec` does not change the start time (xnu, bsd/kern/kern_fork.c).
  darwin: `hale_launch_boot=$(/usr/sbin/sysctl -n kern.bootsessionuuid 2>/dev/null)
  hale_launch_stat=$(LC_ALL=C TZ=UTC /bin/ps -o lstart= -p $$ 2>/dev/null)`,
} as const;

/**
 * The launcher. It closes the descriptors that it inherited, then writes its pid, boot and start time to
 * the pid file before it runs the program, so every launch can be found even if the supervisor is
 * killed. `set -C` creates the file exclusively: a supervisor that abandons a launch creates the file
 * first, and a late launcher then exits without running the program. `exec` keeps the pid and leaves
 * no shell. On Linux nothing is forked: `read` is a builtin. `true` opens the logs first, because a shell
 * whose `exec` cannot redirect exits with a status of its own (POSIX, 2.8.1).
 *
 * Descriptor 8 stays open for appending to the pid file: the program and its descendants inherit it,
 * which proves that they belong to the launch. It survives `setsid` and a program that overwrites its
 * environment (measured with nginx and redis-server). A process that only reads the file
 * proves nothing.
 *
 * dash takes `10>&-` for an argument and a redirection: it cannot close a descriptor of two digits.
 *
 * A launcher that fails appends `failed STATUS` to the pid file, so that the exit status of a program
 * is never mistaken for its own. In dash a failed `exec` runs the trap. In bash, with `execfail`, it
 * returns; version 3.2, the `sh` of macOS, has then removed the trap, and its status is 126 for a missing
 * file and 1 for a bad interpreter or a program for another processor (builtins/exec.def).
 *
 * An executable that another process has open for writing (ETXTBSY) is tried again by a new shell,
 * because a trap runs only once. `nice` runs a new shell too: then only the shell runs the program.
 *
 * The limits of a supervisor are raised, as far as this user may, to those of process 1, and each soft limit
 * to the hard one: a shell may have lowered them (`ulimit -n 200`). They are tried in a subshell, because
 * a shell may exit if one is refused.
 *
 * Without Perl (`exact_launcher.ts`) the shell has the environment of the service. So its tools are
 * found in fixed folders first, and the names of its variables and functions begin with `hale_launch_`.
 *
 * @param os The system.
 * @returns The script. Its arguments: pid file, both logs, limits of memory and open files, umask, niceness,
 * pauses, the script itself, program and arguments.
 */
export function launcherScript(os: "linux" | "darwin"): string {
  return `
hale_launch_path=$PATH
hale_launch_tools=/usr/bin:/bin:$PATH
PATH=$hale_launch_tools
if [ "$1" != "${KEEP_DESCRIPTOR}" ]; then
  hale_launch_count() { hale_launch_words=$#; }
  eval 'hale_launch_count 10>&-'
  for hale_launch_fd in /proc/$$/fd/* /dev/fd/*; do
    hale_launch_fd=\${hale_launch_fd##*/}
    case $hale_launch_words$hale_launch_fd in
    ?[0-2] | *[!0-9]* | 1??*) ;;
    *) eval "exec $hale_launch_fd>&-" ;;
    esac
  done
fi
if [ -n "$1" ] && [ "$1" != "${KEEP_DESCRIPTOR}" ]; then
  ${READ_IDENTITY[os]}
  set -C
  printf '%s\\n%s\\n%s\\n' "$$" "$hale_launch_boot" "$hale_launch_stat" >"$1" || exit ${SETUP_FAILED}
  set +C
  exec ${MARK_DESCRIPTOR}>>"$1"
fi
hale_launch_failed() {
  PATH=$hale_launch_tools
  case $1:$(tail -n 2 "$hale_launch_stderr" 2>/dev/null) in
  ${NOT_EXECUTABLE}:*"ext file busy"*)
    shift
    if [ -n "$hale_launch_pauses" ]; then
      sleep "\${hale_launch_pauses%% *}"
      PATH=$hale_launch_path
      exec /bin/sh -c "$hale_launch_script" ${LAUNCHER_NAME} "$hale_launch_fd" "$hale_launch_stdout" \\
        "$hale_launch_stderr" "" "" "" "" "\${hale_launch_pauses#* }" "$hale_launch_script" "$@"
    fi
    [ -z "$hale_launch_fd" ] || printf 'failed ${NOT_EXECUTABLE} busy\\n' >&${MARK_DESCRIPTOR} ;;
  *) [ -z "$hale_launch_fd" ] || printf 'failed %s\\n' "$1" >&${MARK_DESCRIPTOR} ;;
  esac
}
hale_launch_limit() { (ulimit "$@") 2>/dev/null && ulimit "$@"; }
hale_launch_limits() {
  while read -r hale_launch_1 hale_launch_2 hale_launch_3 hale_launch_4 hale_launch_5 hale_launch_6; do
    [ "$hale_launch_1$hale_launch_2$hale_launch_3" != Maxopenfiles ] ||
      [ "$hale_launch_5" -le "$(ulimit -H -n)" ] || hale_launch_limit -H -n "$hale_launch_5"
  done </proc/1/limits
  hale_launch_limit -S -n "$(ulimit -H -n)" || hale_launch_limit -S -n 10240
  for hale_launch_1 in d f t v; do
    hale_launch_limit -S -$hale_launch_1 "$(ulimit -H -$hale_launch_1)"
  done
} 2>/dev/null
hale_launch_fd=\${1:+${KEEP_DESCRIPTOR}} hale_launch_stdout=$2 hale_launch_stderr=$3
hale_launch_pauses=$8 hale_launch_script=$9
trap 'hale_launch_failed "$?" "$@"' EXIT
true >>"$2" 2>>"$3" || exit ${SETUP_FAILED}
exec >>"$2" 2>>"$3"
if [ -n "$4" ]; then ulimit -d "$4" || exit ${SETUP_FAILED}; fi
case $5 in
"") ;;
${DEFAULT_LIMITS})
  hale_launch_limits
  [ "$(ulimit -n)" = unlimited ] || [ "$(ulimit -n)" -ge ${FEW_FILES} ] ||
    echo "hale: the system lets the supervisor and its services open only $(ulimit -n) files" >&2 ;;
*) ulimit -n "$5" || exit ${SETUP_FAILED} ;;
esac
if [ -n "$6" ]; then umask "$6" || exit ${SETUP_FAILED}; fi
hale_launch_nice=$7
shift 9
if [ -n "$hale_launch_nice" ]; then
  hale_launch_nice_program=$(command -v nice)
  PATH=$hale_launch_path
  exec "$hale_launch_nice_program" -n "$hale_launch_nice" /bin/sh -c "$hale_launch_script" \\
    ${LAUNCHER_NAME} "$hale_launch_fd" "$hale_launch_stdout" "$hale_launch_stderr" "" "" "" "" \\
    "$hale_launch_pauses" "$hale_launch_script" "$@"
fi
[ -z "$BASH_VERSION" ] || shopt -s execfail
PATH=$hale_launch_path
exec "$@"
hale_launch_status=$?
trap - EXIT
if ! [ -e "$1" ]; then hale_launch_status=${NOT_FOUND}
elif [ "$hale_launch_status" = 1 ]; then hale_launch_status=${NOT_EXECUTABLE}; fi
hale_launch_failed "$hale_launch_status" "$@"
exit "$hale_launch_status"
`;
}
