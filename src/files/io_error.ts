/**
 * Errors of file access in the home. All name the operation and the path.
 *
 * @module
 */

import { HaleError, messageOf } from "../errors.ts";

/**
 * Creates the error for a failed system call on a file of the home.
 *
 * @param operation What the caller does, such as `write the snapshot of service "api"`.
 * @param path The file or folder.
 * @param cause The system's error. A `HaleError` is returned unchanged.
 * @returns `store_io`.
 */
export function storeIo(operation: string, path: string, cause: unknown): HaleError {
  if (cause instanceof HaleError) return cause;
  const systemCode = systemCodeOf(cause);
  const why = systemReason(cause);
  return new HaleError(
    "store_io",
    `Could not ${operation} at ${path}: ${why}. ${REMEDIES[systemCode ?? ""] ?? OTHER_REMEDY}`,
    { fields: { operation, path, system_code: systemCode }, cause },
  );
}

/**
 * Creates the error for a file of the home with contents that hale did not write.
 *
 * @param operation What the caller does.
 * @param path The file or folder.
 * @param detail What is wrong with it, as the end of a sentence.
 * @param options `line`: number of the line in a log, from 1. `cause`: the error that reported it.
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
      "hale left it as it is. Restore it from a backup, or run `hale doctor --repair` to quarantine it.",
    { fields: { operation, path, line: options.line ?? null, detail }, cause: options.cause },
  );
}

/**
 * Creates the error for a file that a newer version of hale wrote.
 *
 * @param operation What the caller does.
 * @param path The file.
 * @param versions `found`: schema version of the file. `known`: highest version that this hale reads.
 * @returns `store_corrupt`; its field `newer_schema` is the version.
 */
export function newerSchema(
  operation: string,
  path: string,
  versions: { found: number; known: number },
): HaleError {
  const { found, known } = versions;
  const detail = `it has the schema version ${found}, written by a newer hale; this hale reads ` +
    `versions up to ${known}`;
  return new HaleError(
    "store_corrupt",
    `Could not ${operation} at ${path}: ${detail}. hale left it as it is. Use the newer version of hale.`,
    { fields: { operation, path, detail, newer_schema: found } },
  );
}

/**
 * Creates the error for a file that belongs to another runtime.
 *
 * @param operation What the caller does.
 * @param path The file.
 * @param ids `expected`: the runtime or the name of its folder. `actual`: the runtime in the file.
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
      `"${ids.expected}". hale left it as it is. Move the file back to the folder of its runtime.`,
    { fields: { operation, path, expected: ids.expected, actual: ids.actual } },
  );
}

/**
 * Creates the error for a file of the store that cannot be read.
 *
 * @param operation What the caller does.
 * @param path The file.
 * @param cause The system's error. A `HaleError` is returned unchanged.
 * @returns `store_corrupt` if a folder is where a file should be or the reverse, else `store_io`.
 */
export function unreadable(operation: string, path: string, cause: unknown): HaleError {
  if (cause instanceof Deno.errors.IsADirectory) {
    return storeCorrupt(operation, path, "it is a folder where a file should be", { cause });
  }
  if (cause instanceof Deno.errors.NotADirectory) {
    return storeCorrupt(operation, path, "it is a file where a folder should be", { cause });
  }
  return storeIo(operation, path, cause);
}

/**
 * Returns why the system refused an operation, without what Deno adds to its message: the number of
 * the error and the path, which the message of hale already has.
 *
 * @param cause The system's error.
 * @returns Such as `No such file or directory`.
 */
export function systemReason(cause: unknown): string {
  return messageOf(cause).replace(/ \(os error \d+\).*$/s, "");
}

const OTHER_REMEDY = "Check the disk and the owner of the home, then try again.";

const NOT_OURS =
  "Check the owner and the mode of the home, or choose another home with --home DIR.";

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: free some space, then try again.",
  EDQUOT: "Your disk quota is used up: free some space, then try again.",
  EACCES: NOT_OURS,
  EPERM: NOT_OURS,
  EROFS: "The disk is mounted read-only: choose another home with --home DIR.",
  EMFILE: "This process has too many files open: raise its limit (ulimit -n), then try again.",
  ENFILE: "Too many files are open on this machine: close programs, then try again.",
  ENOMEM: "This machine has too little memory: close programs, then try again.",
  EAGAIN: "This machine or user has too many processes: end some, then try again.",
  EIO: "The disk reports an error: check it and the system's log, then try again.",
  EISDIR: "A folder is where hale needs a file: move the folder away.",
  ENOTDIR: "A file is where hale needs a folder: move the file away.",
};

/** Codes of what passes by itself or when a person makes room, with the texts of Linux and macOS. */
const PASSING: ReadonlyMap<string, RegExp> = new Map([
  ["ENFILE", /too many open files in system/i],
  ["EMFILE", /too many open files/i],
  ["ENOSPC", /no space left on device/i],
  ["EDQUOT", /dis[ck] quota exceeded/i],
  ["EROFS", /read-only file system/i],
  ["EIO", /input\/output error/i],
  ["ENOMEM", /cannot allocate memory/i],
  ["EAGAIN", /resource temporarily unavailable/i],
]);

/**
 * Returns whether an error comes from a shortage of the machine or from its disk, which says nothing about
 * a service: no descriptor, process or memory is left, or the disk is full, read-only or failing.
 *
 * @param error The error. Its causes are examined too.
 * @returns The system's code, such as `EMFILE`; null for every other error.
 */
export function passingFault(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { fields } = cause as { fields?: { system_code?: unknown } };
    for (const code of [systemCodeOf(cause), fields?.system_code]) {
      if (typeof code === "string" && PASSING.has(code)) return code;
    }
    // Not all errors of Deno have a code: those of `fetch()` only quote the system.
    if (!/\(os error \d+\)/.test(cause.message)) continue;
    for (const [code, text] of PASSING) if (text.test(cause.message)) return code;
  }
  return null;
}

/**
 * Returns the error for a shortage of the machine that no code expected.
 *
 * @param error The error.
 * @returns `store_io`; null for every other error.
 */
export function shortage(error: unknown): HaleError | null {
  const code = passingFault(error);
  if (code === null) return null;
  return new HaleError("store_io", `${systemReason(error)}. ${REMEDIES[code] ?? OTHER_REMEDY}`, {
    fields: { system_code: code },
    cause: error,
  });
}

function systemCodeOf(cause: unknown): string | null {
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : null;
}
