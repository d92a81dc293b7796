import { ifThere } from "./if_there.ts";
import { storeIo, unreadable } from "./io_error.ts";

/**
 * Lists a folder, in no particular order.
 *
 * @param folder The folder.
 * @returns Its entries; none if the folder does not exist.
 * @throws The system's error, if the folder cannot be read.
 */
export function entriesOf(folder: string): Deno.DirEntry[] {
  return ifThere(() => [...Deno.readDirSync(folder)]) ?? [];
}

/**
 * Lists a folder of the home, sorted by name.
 *
 * @param folder The folder.
 * @param operation What the caller does, for the error message.
 * @returns Its entries; none if the folder does not exist.
 * @throws {HaleError} `store_corrupt` If the path is a file, `store_io` if the folder cannot be read.
 */
export function listFolder(folder: string, operation = "list the folder"): Deno.DirEntry[] {
  try {
    return entriesOf(folder).sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    throw unreadable(operation, folder, error);
  }
}

/**
 * Lists the folders in a folder. Skips names that begin with a dot: those are unfinished, or belong to
 * another program, such as `.DS_Store`.
 *
 * @param folder The folder.
 * @param operation What the caller does, for the error message.
 * @returns Their names, sorted; none if the folder does not exist.
 * @throws {HaleError} `store_io` If the folder cannot be read, or the path is a file.
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
