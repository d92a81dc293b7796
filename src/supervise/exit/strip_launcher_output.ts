import type { Exit } from "../../model/service_state.ts";
import { LAUNCHER_NAME, SETUP_FAILED } from "../../platform/launcher_status.ts";

/**
 * Removes the launcher's messages from the end of a launch's standard error. The error of the launch
 * explains the failure better.
 *
 * @param lines The last lines of standard error.
 * @param exit The exit of the launch.
 * @returns The lines that the program wrote.
 */
export function stripLauncherOutput(lines: readonly string[], exit: Exit): readonly string[] {
  // The launcher failed before it ran the program: its output is the only reason.
  if (exit.exit_code === SETUP_FAILED) return lines;
  return lines.filter((line) => !line.startsWith(`${LAUNCHER_NAME}: `));
}
