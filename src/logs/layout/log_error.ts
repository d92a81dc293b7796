import { HaleError, messageOf } from "../../errors.ts";

/**
 * Returns the error for a log that cannot be read.
 *
 * @param operation The operation that failed, such as `follow the log`.
 * @param path Path of the log.
 * @param cause The system's error; a `HaleError` is returned unchanged.
 * @returns `store_io`.
 */
export function logUnreadable(operation: string, path: string, cause: unknown): HaleError {
  if (cause instanceof HaleError) return cause;
  return new HaleError(
    "store_io",
    `Could not ${operation} at ${path}: ${messageOf(cause)}. Check its owner and mode.`,
    { fields: { operation, path }, cause },
  );
}

/**
 * Returns the error for a log that cannot be rotated.
 *
 * @param path Path of the log.
 * @param cause The system's error; a `HaleError` is returned unchanged.
 * @returns `store_io`.
 */
export function logUnwritable(path: string, cause: unknown): HaleError {
  if (cause instanceof HaleError) return cause;
  return new HaleError(
    "store_io",
    `Could not rotate the log at ${path}: ${
      messageOf(cause)
    }. The log keeps growing; hale will retry. ` +
      "Check its disk space, owner and mode.",
    { fields: { operation: "rotate the log", path }, cause },
  );
}

/**
 * Returns the error for a log that was emptied because it filled its disk.
 *
 * @param path Path of the log.
 * @param size Size of the log before, in bytes.
 * @param cause The system's error.
 * @returns `store_io`.
 */
export function logEmptied(path: string, size: number, cause: unknown): HaleError {
  return new HaleError(
    "store_io",
    `Emptied the log at ${path}: at ${size} bytes it was far above logs.max_size, and its disk ` +
      "had no space for a rotated copy. Lower logs.max_size or logs.keep, or free disk space.",
    { fields: { operation: "rotate the log", path, size }, cause },
  );
}
