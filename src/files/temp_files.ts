/**
 * Temporary files of writes that a killed program did not finish.
 *
 * @module
 */

import { join } from "../platform/path.ts";
import { isTempFileName } from "./atomic_file.ts";
import { storeIo } from "./io_error.ts";
import { entriesOf } from "./list_folder.ts";

/**
 * Finds the temporary files in a folder.
 *
 * @param folder The folder.
 * @returns Their paths; none if the folder does not exist.
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
 * Removes the temporary files in a folder. Only the single writer of the folder may call this: the
 * process that wrote them is then dead, and the files that they were to replace are unchanged.
 *
 * @param folder The folder.
 * @throws {HaleError} `store_io` If one cannot be removed.
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
