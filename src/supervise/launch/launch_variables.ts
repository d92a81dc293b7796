/**
 * The variables that hale adds to the environment of a launch. All others come from the command that
 * asked for the start (`launchEnvironment()`) and are kept for restarts.
 *
 * @module
 */

import type { ServiceSpec } from "../../model/service_spec.ts";
import type { LaunchRecord } from "../../model/service_state.ts";
import type { ServicePaths } from "../effects.ts";

/** Has the id of the launch. */
const LAUNCH_MARK = "HALE_LAUNCH";

/**
 * What is added.
 *
 * @param spec The service.
 * @param record The launch.
 * @param paths The service's files: a program that reopens its logs is told which they are.
 */
export function launchVariables(
  spec: ServiceSpec,
  record: LaunchRecord,
  paths: ServicePaths,
): Readonly<Record<string, string>> {
  return {
    HALE_SERVICE: spec.name,
    [LAUNCH_MARK]: record.id,
    ...(spec.logs.reopen_signal ? { HALE_STDOUT: paths.stdout, HALE_STDERR: paths.stderr } : {}),
  };
}

/** What only one launch has in its environment: by it, processes are proven to belong to it. */
export function launchMark(record: LaunchRecord): string {
  return `${LAUNCH_MARK}=${record.id}`;
}
