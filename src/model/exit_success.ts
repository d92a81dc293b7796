/**
 * Whether an exit is a success. The restart policy, services that depend on a job, and commands that
 * wait for one use the same answer.
 *
 * @module
 */

import type { Exit, ServiceStatus } from "./service_state.ts";

/**
 * Returns whether a program succeeded.
 *
 * @param exit Its exit.
 * @returns False for every signal, and for an unknown exit status.
 */
export function isSuccess({ exit_code }: Pick<Exit, "exit_code">): boolean {
  return exit_code === 0;
}

/**
 * Returns whether a service exited by itself with success, and is not to be started again.
 *
 * @param status Its status.
 */
export function hasFinished(
  status: Pick<ServiceStatus, "state" | "desired" | "exit_code">,
): boolean {
  return status.state === "stopped" && status.desired === "stopped" && isSuccess(status);
}
