import { regularFile } from "../../files/regular_file.ts";
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
    umask: null,
    nice: null,
  });
  child.unref();
  return child;
}

/**
 * Without proxies: a supervisor connects only to loopback. Services do not inherit this environment;
 * they get that of the command that starts them. Without `HALE_LAUNCH`: a supervisor is no part of the
 * launch in which the command was typed.
 */
function supervisorEnvironment(
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept = Object.entries(env).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name));
  const { HALE_LAUNCH: _, ...rest } = Object.fromEntries(kept);
  return { ...rest, [SUPERVISOR_MARK]: "1" };
}
