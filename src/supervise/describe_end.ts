import { HaleError } from "../errors.ts";
import type { ServiceSpec } from "../model/service_spec.ts";
import type { Exit } from "../model/service_state.ts";

/** A shell's words for "not executable" and "not found" (POSIX, 2.8.2 Exit Status for Commands). */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;
/** The launcher's word for "could not prepare": pid file, logs, limits. */
const NOT_PREPARED = 125;
/** A program that is really not there fails within this time; later 127 is its own business. */
const EXEC_MS = 1_000;

/**
 * Says how a launch ended, for people and for the restart policy.
 *
 * @param spec The service.
 * @param launch What was run and for how long.
 * @param exit How it ended.
 * @returns `binary_not_found` where another try cannot help, otherwise `service_exited`.
 */
export function describeEnd(
  spec: ServiceSpec,
  launch: { readonly binary: string; readonly ranMs: number; readonly stderr: readonly string[] },
  exit: Exit,
): HaleError {
  const { binary, ranMs, stderr } = launch;
  const fields = { service: spec.name, binary, ...exit, stderr };
  if (ranMs < EXEC_MS && exit.exit_code === NOT_EXECUTABLE) {
    return new HaleError(
      "binary_not_found",
      `${binary} cannot be executed. Check its permissions and that it is built for this machine.`,
      { fields },
    );
  }
  if (ranMs < EXEC_MS && exit.exit_code === NOT_FOUND) {
    return new HaleError(
      "binary_not_found",
      `${binary} could not be run: it, the interpreter in its first line, or something that it ` +
        "calls was not found.",
      { fields },
    );
  }
  if (ranMs < EXEC_MS && exit.exit_code === NOT_PREPARED) {
    return new HaleError(
      "spawn_failed",
      `${spec.name} could not be prepared: its limits, or the files of its logs, were refused.`,
      { fields },
    );
  }
  return new HaleError("service_exited", `${spec.name} ${howItEnded(exit)}.`, { fields });
}

/**
 * Puts the end of a process into words.
 *
 * @param exit How it ended.
 * @returns Such as `exited with code 3`.
 */
export function howItEnded(exit: Exit): string {
  if (exit.signal !== null) return `was ended by ${exit.signal}`;
  if (exit.exit_code !== null) return `exited with code ${exit.exit_code}`;
  return "ended; how is not known, because the supervisor that started it was gone";
}
