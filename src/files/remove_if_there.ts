import { ifThere } from "./if_there.ts";

/**
 * Removes a file if it exists.
 *
 * @param path The file.
 * @throws The system's error, if the file cannot be removed.
 */
export function removeIfThere(path: string): void {
  ifThere(() => Deno.removeSync(path));
}

/**
 * Removes a file or a folder, and ignores errors. Use it where a file that is left does no harm.
 *
 * @param path The file or folder.
 */
export function tryRemove(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch {
    // It does not exist, or this user may not remove it.
  }
}
