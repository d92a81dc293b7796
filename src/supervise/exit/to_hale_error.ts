import { HaleError, messageOf } from "../../errors.ts";

/**
 * Why a start has failed, in the form in which it is told.
 *
 * @param error What was thrown.
 * @returns The same where it is a {@linkcode HaleError}, else `spawn_failed`.
 */
export function toHaleError(error: unknown): HaleError {
  return error instanceof HaleError
    ? error
    : new HaleError("spawn_failed", messageOf(error), { cause: error });
}
