/**
 * How a launch is found again: its pid file, and its id in the environment of its processes.
 *
 * @module
 */

import type { LaunchRecord } from "../../model/service_state.ts";
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

/** Returns a new id that sorts by time and is unique across supervisors. */
export function newLaunchId(): string {
  return Date.now().toString(36) + "-" + crypto.randomUUID().slice(0, 8);
}
