import { join } from "./path.ts";

/**
 * Returns whether a path is inside a folder, by its text alone.
 *
 * @param path An absolute, normalized path.
 * @param folder The folder, likewise.
 */
export function isBelow(path: string, folder: string): boolean {
  // join() ends the folder with the separator of the system.
  return path.startsWith(join(folder, "/"));
}
