/**
 * Folders that only their owner may look into.
 *
 * @module
 */

import { unreadable } from "./io_error.ts";

const OWNER_ONLY = 0o700;

/**
 * Creates a folder and those above it where they are missing.
 *
 * @param path The folder.
 * @param operation What it is for, in case of an error.
 * @returns Whether it was missing.
 * @throws {HaleError} `store_io` If the system refuses it, `store_corrupt` if a file stands there.
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
