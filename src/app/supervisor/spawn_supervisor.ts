import { type Detached, openDetached } from "../../platform/mod.ts";
import type { AppContext } from "../context.ts";
import {
  SUPERVISOR_MARK,
  type SupervisorCommand,
  supervisorCommand,
} from "./supervisor_command.ts";

/**
 * Starts a supervisor and does not wait for it. If one already runs in the home, the new one exits.
 *
 * @param context Home and environment. The home and the supervisor's folder exist.
 * @param command What to run. @default the command of this program
 * @returns Its process, which outlives this program.
 */
export function spawnSupervisor(
  context: AppContext,
  { program, args }: SupervisorCommand = supervisorCommand(context.home),
): Detached {
  const log = context.paths.supervisorLog;
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
    umask: null,
    nice: null,
  });
  child.unref();
  return child;
}

/**
 * Without proxies: a supervisor connects only to loopback. Services do not inherit this environment;
 * they get that of the command that starts them.
 */
function supervisorEnvironment(
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept = Object.entries(env).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name));
  return { ...Object.fromEntries(kept), [SUPERVISOR_MARK]: "1" };
}
