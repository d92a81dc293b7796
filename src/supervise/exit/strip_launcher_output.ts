import type { Exit } from "../../model/service_state.ts";
import { LAUNCHER_NAME, NOT_PREPARED } from "../../platform/launcher_status.ts";

/**
 * The last lines of a program's standard error, without what the shell before it said: that is told
 * better by the error.
 *
 * @param lines The last lines.
 * @param exit How the launch ended.
 * @returns The program's own.
 */
export function stripLauncherOutput(lines: readonly string[], exit: Exit): readonly string[] {
  // What the launcher says then is all there is.
  if (exit.exit_code === NOT_PREPARED) return lines;
  return lines.filter((line) => !line.startsWith(`${LAUNCHER_NAME}: `));
}
