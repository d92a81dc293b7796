import { HaleError, messageOf } from "../errors.ts";

/**
 * The system refused something with the audit log.
 *
 * @param operation What was to be done, such as `append to the audit log`.
 * @param path The file.
 * @param cause What the system said. An error of hale's own is returned as it is.
 * @returns `store_io`.
 */
export function auditIo(operation: string, path: string, cause: unknown): HaleError {
  if (cause instanceof HaleError) return cause;
  return new HaleError(
    "store_io",
    `Could not ${operation} at ${path}: ${messageOf(cause)}. Check the disk and who owns the ` +
      "folder.",
    { fields: { operation, path }, cause },
  );
}
