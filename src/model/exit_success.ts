/**
 * Whether an exit is a success. The restart policy, services that depend on a job, and commands that
 * wait for one use the same answer.
 *
 * @module
 */

import type { RestartSpec } from "./service_spec.ts";
import type { Exit } from "./service_state.ts";

/**
 * Returns whether a program succeeded.
 *
 * @param exit Its exit.
 * @param policy `success` lists the exit codes that are a success. 128 and the number of a signal,
 * such as 143 for SIGTERM, also matches a program that was killed by that signal.
 * @returns False for an unknown exit status.
 */
export function isSuccess(
  { exit_code, signal = null }: Pick<Exit, "exit_code"> & Partial<Exit>,
  { success }: Pick<RestartSpec, "success">,
): boolean {
  if (exit_code !== null) return success.includes(exit_code);
  const number = signal === null ? undefined : SIGNAL_NUMBERS[signal];
  return number !== undefined && success.includes(128 + number);
}

/** Signals that are used to stop programs, with their numbers on Linux and macOS. */
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGTERM: 15,
};
