import { HaleError, messageOf } from "../../errors.ts";

/**
 * Converts an error of a start to a {@linkcode HaleError}.
 *
 * @param error The thrown value.
 * @returns The error itself if it is a {@linkcode HaleError}, else `spawn_failed`.
 */
export function toHaleError(error: unknown): HaleError {
  return error instanceof HaleError
    ? error
    : new HaleError("spawn_failed", messageOf(error), { cause: error });
}
