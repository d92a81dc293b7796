import { ifThere } from "./if_there.ts";
import { storeIo, unreadable } from "./io_error.ts";

/**
 * The entries of a folder, in no order.
 *
 * @param folder The folder. One that is not there has none.
 * @throws What the system says where it refuses.
 */
export function entriesOf(folder: string): Deno.DirEntry[] {
  return ifThere(() => [...Deno.readDirSync(folder)]) ?? [];
}

/**
 * The entries of a folder of the home.
 *
 * @param folder The folder. One that is not there has none.
 * @param operation What it is for, in case of an error.
 * @returns In the order of their names.
 * @throws {HaleError} `store_corrupt` If a file stands there, `store_io` if the system refuses.
 */
export function listFolder(folder: string, operation = "look into the folder"): Deno.DirEntry[] {
  try {
    return entriesOf(folder).sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    throw unreadable(operation, folder, error);
  }
}

/**
 * The folders in a folder. Names that begin with a dot are none of them: those are not finished, or
 * another program's, such as `.DS_Store`.
 *
 * @param folder The folder. One that is not there has none.
 * @param operation What it is for, in case of an error.
 * @returns Their names, in order.
 * @throws {HaleError} `store_io` If the system refuses, or a file stands there.
 */
export function foldersIn(folder: string, operation: string): string[] {
  try {
    return entriesOf(folder)
      .filter(({ name, isDirectory }) => isDirectory && !name.startsWith("."))
      .map(({ name }) => name).sort();
  } catch (error) {
    throw storeIo(operation, folder, error);
  }
}
