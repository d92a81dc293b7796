import { unreadable } from "./io_error.ts";

/**
 * The entries of a folder.
 *
 * @param folder The folder. One that is not there has none.
 * @returns In the order of their names.
 * @throws {HaleError} `store_corrupt` If a file stands there, `store_io` if the system refuses.
 */
export function listFolder(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw unreadable("look into the folder", folder, error);
  }
}
