import { type Detached, openDetached, supervisorOpenFiles } from "../../platform/mod.ts";
import { withoutVariables } from "../../platform/environment.ts";
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
    openFiles: supervisorOpenFiles,
    umask: null,
    nice: null,
  });
  child.unref();
  return child;
}

/**
 * Without proxies: a supervisor connects only to loopback. Services do not inherit this environment;
 * they get that of the command that starts them. Without `HALE_LAUNCH`: a supervisor is no part of the
 * launch in which the command was typed. Without `RUNNER_TRACKING_ID`: at the end of a job, GitHub's
 * runner kills every process that has it.
 */
function supervisorEnvironment(
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept = Object.entries(env).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name));
  const names = ["HALE_LAUNCH", "RUNNER_TRACKING_ID"];
  return { ...withoutVariables(Object.fromEntries(kept), names), [SUPERVISOR_MARK]: "1" };
}
