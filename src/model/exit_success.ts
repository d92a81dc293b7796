/**
 * Which ends are good ones. Asked by the restart policy, by services that depend on a job, and by
 * commands that wait for one.
 *
 * @module
 */

import type { Exit, ServiceStatus } from "./service_state.ts";

/**
 * Whether a program ended well.
 *
 * @param exit How it ended.
 * @returns False for every signal, and where nobody saw how it ended.
 */
export function isSuccess({ exit_code }: Pick<Exit, "exit_code">): boolean {
  return exit_code === 0;
}

/**
 * Whether a service has ended by itself and well, and stays as it is.
 *
 * @param status How it stands.
 */
export function hasFinished(
  status: Pick<ServiceStatus, "state" | "desired" | "exit_code">,
): boolean {
  return status.state === "stopped" && status.desired === "stopped" && isSuccess(status);
}
