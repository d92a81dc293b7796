import type { Exit } from "../../model/service_state.ts";

/** Exit status of a launcher that failed before it ran the program. Its output is the only reason. */
const SETUP_FAILED = 125;

/** Prefix of the launcher's error messages: the shell's `$0`. */
const LAUNCHER = /^hale-launch: /;

/**
 * Removes the launcher's messages from the end of a launch's standard error. The error of the launch
 * explains the failure better.
 *
 * @param lines The last lines of standard error.
 * @param exit The exit of the launch.
 * @returns The lines that the program wrote.
 */
export function stripLauncherOutput(lines: readonly string[], exit: Exit): readonly string[] {
  if (exit.exit_code === SETUP_FAILED) return lines;
  return lines.filter((line) => !LAUNCHER.test(line));
}
