import { regularFile } from "../../files/regular_file.ts";
import { type Detached, openDetached } from "../../platform/mod.ts";
import { withoutVariables } from "../../platform/environment.ts";
import type { AppContext } from "../context.ts";
import {
  SUPERVISOR_MARK,
  type SupervisorCommand,
  supervisorCommand,
} from "./supervisor_command.ts";

/** As that of init systems (systemd.exec(5), `UMask=`). Services inherit it. */
const DEFAULT_UMASK = "022";

/** Names of the variables that a supervisor keeps. */
const KEPT = new RegExp(
  "^(?:PATH|PATHEXT|HOME|USER|LOGNAME|USERNAME|USERPROFILE|LOCALAPPDATA|APPDATA|PROGRAMDATA|LANG|LANGUAGE" +
    "|LC_.*|TZ|TZDIR|TMPDIR|TEMP|TMP|XDG_.*|LD_LIBRARY_PATH|DYLD_.*|SSL_CERT_.*|DENO_.*|HALE_.*" +
    "|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC" +
    // They decide which owners of files are trusted.
    "|SUDO_UID|GITHUB_ACTIONS|GITHUB_WORKSPACE|GITLAB_CI|CI_PROJECT_DIR)$",
  "i",
);

/**
 * Starts a supervisor and does not wait for it. It inherits no descriptor, umask, limit or niceness of
 * this process, as far as this user may change them. If one already runs in the home, the new one exits.
 *
 * @param context Home and environment. The home and the supervisor's folder exist.
 * @param command What to run. @default the command of this program
 * @returns Its process, which outlives this program.
 */
export function spawnSupervisor(
  context: AppContext,
  { program, args }: SupervisorCommand = supervisorCommand(context.home),
): Detached {
  const log = regularFile(context.paths.supervisorLog);
  const child = openDetached({
    program,
    args,
    cwd: context.home,
    env: supervisorEnvironment(context.env),
    stdoutPath: log,
    stderrPath: log,
    pidPath: null,
    memoryBytes: null,
    openFiles: null,
    limits: "default",
    umask: DEFAULT_UMASK,
    nice: null,
  });
  child.unref();
  return child;
}

/**
 * Keeps the variables that a supervisor uses: those of the user and of the locale, the folders of
 * temporary files, those of the dynamic linker, of Deno and of hale, and what Windows programs need.
 * Services do not inherit them; they get the environment of the command that starts them. So a supervisor
 * does not keep the secrets of the first command, and has no proxy: it connects only to loopback. Nor does
 * it have `RUNNER_TRACKING_ID`: at the end of a job, GitHub's runner kills every process that has it.
 */
function supervisorEnvironment(
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept = Object.entries(env).filter(([name]) => KEPT.test(name));
  return {
    ...withoutVariables(Object.fromEntries(kept), ["HALE_LAUNCH"]),
    [SUPERVISOR_MARK]: "1",
  };
}
