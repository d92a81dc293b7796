/**
 * How a launch is found again: its pid file.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import type { Exit, LaunchRecord } from "../../model/service_state.ts";
import { ifThere } from "../../files/if_there.ts";
import { SETUP_FAILED } from "../../platform/launcher_status.ts";
import { type LauncherFailure, readPidFile } from "../../platform/mod.ts";
import { join } from "../../platform/path.ts";
import type { ServicePaths } from "../effects.ts";
import { removeIfThere } from "../../files/remove_if_there.ts";

/**
 * Returns the path of the pid file of a launch.
 *
 * @param paths The service's files.
 * @param record The launch.
 * @returns The path.
 */
export function pidPath(paths: ServicePaths, record: LaunchRecord): string {
  return join(paths.launches, `${record.id}.pid`);
}

/**
 * Removes the pid file of a launch that is over.
 *
 * @param paths The service's files.
 * @param record The launch.
 */
export function removePidFile(paths: ServicePaths, record: LaunchRecord): void {
  removeIfThere(pidPath(paths, record));
}

/**
 * Returns why the launcher did not run the program.
 *
 * @param path The pid file.
 * @param exit The exit of the launch.
 * @returns Null if the program ran: the exit is its own.
 */
export function launcherFailure(path: string, exit: Exit): LauncherFailure | null {
  const text = ifThere(() => Deno.readTextFileSync(regularFile(path)));
  const file = text === null ? null : readPidFile(text);
  if (file !== null) return file.failure;
  // Without a pid file of its own, the launcher exits before it runs the program.
  return exit.exit_code === SETUP_FAILED ? { status: SETUP_FAILED, busy: false } : null;
}

/** Returns a new id that sorts by time and is unique across supervisors. */
export function newLaunchId(): string {
  return Date.now().toString(36) + "-" + crypto.randomUUID().slice(0, 8);
}
