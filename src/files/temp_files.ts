/**
 * What killed programs leave of replacements that they had begun.
 *
 * @module
 */

import { join } from "../platform/path.ts";
import { isTempFileName } from "./atomic_file.ts";
import { storeIo } from "./io_error.ts";
import { entriesOf } from "./list_folder.ts";

/**
 * The temporary files in a folder.
 *
 * @param folder The folder. One that is not there has none.
 * @returns Their paths.
 * @throws {HaleError} `store_io` If the folder cannot be read.
 */
export function findTempFiles(folder: string): string[] {
  try {
    return entriesOf(folder).filter(({ name }) => isTempFileName(name))
      .map(({ name }) => join(folder, name));
  } catch (error) {
    throw storeIo("look for temporary files", folder, error);
  }
}

/**
 * Removes the temporary files in a folder. For the one writer of it alone: whose they were is dead,
 * and what they would have replaced stands.
 *
 * @param folder The folder.
 * @throws {HaleError} `store_io` If the system refuses.
 */
export function removeTempFiles(folder: string): void {
  for (const path of findTempFiles(folder)) {
    try {
      Deno.removeSync(path);
    } catch (error) {
      throw storeIo("remove a temporary file", path, error);
    }
  }
}
