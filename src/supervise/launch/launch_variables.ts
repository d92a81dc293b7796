/**
 * The variables that hale adds to the environment of a launch. All others come from the command that
 * requested the start (`launchEnvironment()`) and are saved for restarts.
 *
 * @module
 */

import type { ServiceSpec } from "../../model/service_spec.ts";
import type { LaunchRecord } from "../../model/service_state.ts";
import type { ServicePaths } from "../effects.ts";

/** Environment variable that holds the id of the launch. */
const LAUNCH_ID_VARIABLE = "HALE_LAUNCH";

/**
 * Returns the variables that hale adds.
 *
 * @param spec The service.
 * @param record The launch.
 * @param paths The service's files. A program that reopens its logs gets their paths.
 */
export function launchVariables(
  spec: ServiceSpec,
  record: LaunchRecord,
  paths: ServicePaths,
): Readonly<Record<string, string>> {
  return {
    HALE_SERVICE: spec.name,
    [LAUNCH_ID_VARIABLE]: record.id,
    ...(spec.logs.reopen_signal ? { HALE_STDOUT: paths.stdout, HALE_STDERR: paths.stderr } : {}),
  };
}
