/**
 * The errors of the store: all name the operation and the path.
 *
 * @module
 */

import { HaleError, messageOf } from "../errors.ts";

/**
 * The system refused an operation on a file of the home.
 *
 * @param operation What was to be done, such as `write the snapshot of service "api"`.
 * @param path The file or folder.
 * @param cause What the system said. An error of hale's own is returned as it is.
 * @returns `store_io`.
 */
export function storeIo(operation: string, path: string, cause: unknown): HaleError {
  if (cause instanceof HaleError) return cause;
  const systemCode = systemCodeOf(cause);
  // Deno repeats the path after the system's words.
  const why = messageOf(cause).replace(/ \(os error \d+\).*$/s, "");
  return new HaleError(
    "store_io",
    `Could not ${operation} at ${path}: ${why}. ${REMEDIES[systemCode ?? ""] ?? OTHER_REMEDY}`,
    { fields: { operation, path, system_code: systemCode }, cause },
  );
}

/**
 * A file of the home is not what hale wrote.
 *
 * @param operation What was to be done.
 * @param path The file or folder.
 * @param detail What is wrong with it, as the end of a sentence.
 * @param options `line`, counted from 1, where it is one line of a log; the `cause`.
 * @returns `store_corrupt`.
 */
export function storeCorrupt(
  operation: string,
  path: string,
  detail: string,
  options: { line?: number; cause?: unknown } = {},
): HaleError {
  const where = options.line === undefined ? path : `${path}, line ${options.line}`;
  return new HaleError(
    "store_corrupt",
    `Could not ${operation} at ${where}: ${detail}. ` +
      "Nothing was changed. Put a good copy in its place, or run `hale doctor --repair`, which " +
      "sets it aside.",
    { fields: { operation, path, line: options.line ?? null, detail }, cause: options.cause },
  );
}

/**
 * A file was written by a newer hale than this one.
 *
 * @param operation What was to be done.
 * @param path The file.
 * @param versions The schema version that was `found`, and the highest one that is `known`.
 * @returns `store_corrupt`; its field `newer_schema` is the version.
 */
export function newerSchema(
  operation: string,
  path: string,
  versions: { found: number; known: number },
): HaleError {
  const { found, known } = versions;
  const detail = `a newer hale wrote it, with schema version ${found}; this one reads up to ` +
    `version ${known}`;
  return new HaleError(
    "store_corrupt",
    `Could not ${operation} at ${path}: ${detail}. Nothing was changed. Use the newer hale.`,
    { fields: { operation, path, detail, newer_schema: found } },
  );
}

/**
 * A file belongs to another runtime than the one it was found in.
 *
 * @param operation What was to be done.
 * @param path The file.
 * @param ids The runtime that was `expected`, or its folder, and the `actual` one.
 * @returns `wrong_runtime`.
 */
export function wrongRuntime(
  operation: string,
  path: string,
  ids: { expected: string; actual: string },
): HaleError {
  return new HaleError(
    "wrong_runtime",
    `Could not ${operation} at ${path}: it belongs to runtime "${ids.actual}", not to ` +
      `"${ids.expected}". Nothing was changed. Move it back to where it came from.`,
    { fields: { operation, path, expected: ids.expected, actual: ids.actual } },
  );
}

/**
 * What reading a file of the store failed with.
 *
 * @param operation What was to be done.
 * @param path The file.
 * @param cause What the system said.
 * @returns `store_corrupt` where a folder and a file have changed places, `store_io` otherwise. An error
 * that says so already is returned as it is.
 */
export function unreadable(operation: string, path: string, cause: unknown): HaleError {
  if (cause instanceof Deno.errors.IsADirectory) {
    return storeCorrupt(operation, path, "it is a folder where a file should be", { cause });
  }
  if (cause instanceof Deno.errors.NotADirectory) {
    return storeCorrupt(operation, path, "a file stands where a folder should be", { cause });
  }
  return storeIo(operation, path, cause);
}

const OTHER_REMEDY = "Check the disk and who owns the home, then try again.";

const NOT_OURS = "Check who owns the home and its mode, or choose another one with --home.";

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: free some space, then try again.",
  EDQUOT: "Your quota is used up: free some space, then try again.",
  EACCES: NOT_OURS,
  EPERM: NOT_OURS,
  EROFS: "The disk is mounted read-only: choose another home with --home.",
  EMFILE: "Too many files are open: raise the limit (ulimit -n), then try again.",
  EISDIR: "A folder stands where a file should be: move it away.",
  ENOTDIR: "A file stands where a folder should be: move it away.",
};

function systemCodeOf(cause: unknown): string | null {
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : null;
}
