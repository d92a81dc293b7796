import type { Exit } from "../../model/service_state.ts";

/** The launcher's word for "could not prepare": what it says then is all there is. */
const NOT_PREPARED = 125;

/** How a shell signs what it says, under the name that the launcher gives it. */
const LAUNCHER = /^hale-launch: /;

/**
 * The last lines of a program's standard error, without what the shell before it said: that is told
 * better by the error.
 *
 * @param lines The last lines.
 * @param exit How the launch ended.
 * @returns The program's own.
 */
export function stripLauncherOutput(lines: readonly string[], exit: Exit): readonly string[] {
  if (exit.exit_code === NOT_PREPARED) return lines;
  return lines.filter((line) => !LAUNCHER.test(line));
}
