/**
 * What killed programs leave of replacements that they had begun.
 *
 * @module
 */

import { join } from "../../platform/path.ts";
import { isTempFileName } from "../../files/atomic_file.ts";
import { storeIo } from "../../files/io_error.ts";

/**
 * The temporary files in a folder.
 *
 * @param folder The folder. One that is not there has none.
 * @returns Their paths.
 * @throws {HaleError} `store_io` If the folder cannot be read.
 */
export function findTempFiles(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].filter(({ name }) => isTempFileName(name))
      .map(({ name }) => join(folder, name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
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
export function removeLeftovers(folder: string): void {
  for (const path of findTempFiles(folder)) {
    try {
      Deno.removeSync(path);
    } catch (error) {
      throw storeIo("remove a temporary file", path, error);
    }
  }
}
