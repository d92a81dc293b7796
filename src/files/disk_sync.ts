/**
 * Putting on disk what the system keeps in memory yet. A file that is gone by now needs no sync.
 *
 * @module
 */

import { dirname } from "../platform/path.ts";
import { syncFolder } from "../platform/mod.ts";
import { storeIo } from "./io_error.ts";

/**
 * Puts the contents of a file on disk.
 *
 * @param path The file.
 * @param operation What it is for, in case of an error.
 * @throws {HaleError} `store_io` If the disk fails.
 */
export async function syncFile(path: string, operation: string): Promise<void> {
  try {
    // Opened synchronously: 3 µs, where the asynchronous call costs 50. Only the sync itself waits.
    using file = Deno.openSync(path, { read: true, write: true }); // Windows wants the right to write.
    await file.sync();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw storeIo(operation, path, error);
  }
}

/**
 * Puts the name of a file on disk: it was created, renamed or removed.
 *
 * @param path The file, or a folder.
 * @param operation What it is for, in case of an error.
 * @throws {HaleError} `store_io` If the disk fails.
 */
export async function syncName(path: string, operation: string): Promise<void> {
  const folder = dirname(path);
  try {
    await syncFolder(folder);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw storeIo(operation, folder, error);
  }
}

/**
 * Puts the names of a new folder and of those above it on disk.
 *
 * @param folder The innermost new folder.
 * @param root A folder above it: the outermost whose contents are synced.
 * @throws {HaleError} `store_io` If the disk fails.
 */
export async function syncNamesUpTo(folder: string, root: string): Promise<void> {
  for (let path = folder; path.length > root.length; path = dirname(path)) {
    await syncName(path, "create the folder");
  }
}
