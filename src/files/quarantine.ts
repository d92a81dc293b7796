/**
 * Keeping what does not belong where it was found. Nothing of it is ever deleted.
 *
 * @module
 */

import { syncFolderSync } from "../platform/mod.ts";
import { dirname } from "../platform/path.ts";
import { isThere } from "./is_there.ts";
import { writeAllSync } from "./write_all.ts";
import { NEWLINE } from "./newline.ts";

/**
 * Adds bytes to a file of what was set aside. They are on disk when this returns, and the next ones
 * begin on a line of their own.
 *
 * @param path The file; created for its owner alone.
 * @param bytes What to keep.
 * @throws What the system says where it refuses.
 */
export function quarantineBytes(path: string, bytes: Uint8Array): void {
  const ends = bytes.at(-1) === NEWLINE;
  const whole = new Uint8Array(bytes.length + (ends ? 0 : 1)).fill(NEWLINE);
  whole.set(bytes);
  using file = Deno.openSync(path, { append: true, create: true, mode: 0o600 });
  writeAllSync(file, whole);
  file.syncSync();
}

/**
 * Moves a file out of the way, to a name beside it that says what became of it.
 *
 * @param path The file, or a folder that stands in its place.
 * @param why Part of the new name, such as `broken`.
 * @param beside Where to put it. @default beside itself
 * @returns Its new path.
 * @throws What the system says where it refuses.
 */
export function quarantineFile(path: string, why: string, beside: string = path): string {
  for (let number = 1;; number++) {
    const aside = `${beside}.${why}${number === 1 ? "" : `-${number}`}`;
    if (isThere(aside)) continue;
    Deno.renameSync(path, aside);
    syncFolderSync(dirname(path));
    return aside;
  }
}
