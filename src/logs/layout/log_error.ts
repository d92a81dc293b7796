import { HaleError, messageOf } from "../../errors.ts";

/**
 * The error for a log that cannot be read.
 *
 * @param operation What was to be done, such as `follow the log`.
 * @param path The log.
 * @param cause What the system said; an error that says so already is returned as it is.
 * @returns `store_io`.
 */
export function logUnreadable(operation: string, path: string, cause: unknown): HaleError {
  if (cause instanceof HaleError) return cause;
  return new HaleError(
    "store_io",
    `Could not ${operation} at ${path}: ${messageOf(cause)}. Check who owns it and its mode.`,
    { fields: { operation, path }, cause },
  );
}

/**
 * The error for a log that cannot be rotated.
 *
 * @param path The log.
 * @param cause What the system said; an error that says so already is returned as it is.
 * @returns `store_io`.
 */
export function logUnwritable(path: string, cause: unknown): HaleError {
  if (cause instanceof HaleError) return cause;
  return new HaleError(
    "store_io",
    `Could not rotate the log at ${path}: ${
      messageOf(cause)
    }. It grows on, and it is tried again. ` +
      "Check the space on its disk, who owns it and its mode.",
    { fields: { operation: "rotate the log", path }, cause },
  );
}

/**
 * The error for a log that had filled its disk.
 *
 * @param path The log.
 * @param size Bytes that it held.
 * @param cause What the system said.
 * @returns `store_io`.
 */
export function logEmptied(path: string, size: number, cause: unknown): HaleError {
  return new HaleError(
    "store_io",
    `Emptied the log at ${path}: with ${size} bytes it was far beyond its limits, and its disk had ` +
      "no room for a copy. Lower logs.max_size or logs.keep, or give it more space.",
    { fields: { operation: "rotate the log", path, size }, cause },
  );
}
