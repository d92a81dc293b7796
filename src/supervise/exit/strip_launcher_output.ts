import { LAUNCHER_NAME, SETUP_FAILED } from "../../platform/launcher_status.ts";
import type { FailedLauncher } from "./failed_launcher.ts";

/**
 * Removes the launcher's messages from the end of a launch's standard error. The error of the launch
 * explains the failure better.
 *
 * @param lines The last lines of standard error.
 * @param failed The failure of the launcher; null if the program ran.
 * @returns The lines that the program wrote.
 */
export function stripLauncherOutput(
  lines: readonly string[],
  failed: FailedLauncher | null,
): readonly string[] {
  // The launcher failed before it ran the program: its output is the only reason.
  if (failed?.status === SETUP_FAILED) return lines;
  return lines.filter((line) => !line.startsWith(`${LAUNCHER_NAME}: `));
}
