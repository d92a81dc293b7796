/**
 * Folders that only their owner may access.
 *
 * @module
 */

import { unreadable } from "./io_error.ts";

const OWNER_ONLY = 0o700;

/**
 * Creates a folder and its parents if they are missing.
 *
 * @param path The folder.
 * @param operation What the caller does, for the error message.
 * @returns Whether the folder was created.
 * @throws {HaleError} `store_io` If it cannot be created, `store_corrupt` if the path is a file.
 */
export function ensurePrivateFolder(path: string, operation: string): boolean {
  try {
    if (Deno.statSync(path).isDirectory) return false;
    throw new Deno.errors.NotADirectory("it is a file");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw unreadable(operation, path, error);
  }
  try {
    Deno.mkdirSync(path, { recursive: true, mode: OWNER_ONLY });
    return true;
  } catch (error) {
    throw unreadable(operation, path, error);
  }
}
