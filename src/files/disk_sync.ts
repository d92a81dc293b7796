/**
 * Asynchronous syncs of files and folders. A file that no longer exists needs no sync.
 *
 * @module
 */

import { regularFile } from "./regular_file.ts";
import { dirname } from "../platform/path.ts";
import { syncFolder } from "../platform/mod.ts";
import { storeIo } from "./io_error.ts";

/**
 * Syncs the contents of a file.
 *
 * @param path The file.
 * @param operation What the caller does, for the error message.
 * @throws {HaleError} `store_io` If the sync fails.
 */
export async function syncFile(path: string, operation: string): Promise<void> {
  try {
    // A synchronous open takes 3 µs, an asynchronous one 50 µs. Only the sync can take long.
    using file = Deno.openSync(regularFile(path), { read: true, write: true }); // Windows syncs only writable files.
    await file.sync();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw storeIo(operation, path, error);
  }
}

/**
 * Syncs the folder of a file after the file was created, renamed or removed.
 *
 * @param path The file, or a folder.
 * @param operation What the caller does, for the error message.
 * @throws {HaleError} `store_io` If the sync fails.
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
 * Syncs the names of a new folder and of its parents.
 *
 * @param folder The innermost new folder.
 * @param root A parent: the outermost folder that is synced.
 * @throws {HaleError} `store_io` If the sync fails.
 */
export async function syncNamesUpTo(folder: string, root: string): Promise<void> {
  for (let path = folder; path.length > root.length; path = dirname(path)) {
    await syncName(path, "create the folder");
  }
}
