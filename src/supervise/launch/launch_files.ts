/**
 * What a launch leaves behind for others to find it by.
 *
 * @module
 */

import type { LaunchRecord } from "../../model/service_state.ts";
import { join } from "../../platform/path.ts";
import type { ServicePaths } from "../effects.ts";
import { removeIfThere } from "../../files/remove_if_there.ts";

/**
 * Where the launcher of a launch writes its pid.
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

/** An id that sorts by time and never repeats, not even between supervisors. */
export function newLaunchId(): string {
  return Date.now().toString(36) + "-" + crypto.randomUUID().slice(0, 8);
}
