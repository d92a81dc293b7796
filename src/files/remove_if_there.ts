import { ifThere } from "./if_there.ts";

/**
 * Removes a file. Nothing happens where there is none.
 *
 * @param path The file.
 * @throws What the system says where it refuses.
 */
export function removeIfThere(path: string): void {
  ifThere(() => Deno.removeSync(path));
}

/**
 * Removes a file or a folder, as far as the system allows it: for what does no harm where it stays.
 *
 * @param path The file or folder.
 */
export function tryRemove(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch {
    // Gone already, or not ours to remove.
  }
}
