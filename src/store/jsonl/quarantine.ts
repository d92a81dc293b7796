/**
 * Keeping what does not belong where it was found. Nothing of it is ever deleted.
 *
 * @module
 */

import { syncFolderSync } from "../../platform/mod.ts";
import { dirname } from "../../platform/path.ts";
import { writeAll } from "../../files/write_all.ts";

const NEWLINE = 0x0a;

/**
 * Adds bytes to a file of what was set aside. They are on disk when this returns, and the next ones
 * begin on a line of their own.
 *
 * @param path The file; created for its owner alone.
 * @param bytes What to keep.
 * @throws What the system says where it refuses.
 */
export function appendToFile(path: string, bytes: Uint8Array): void {
  const ends = bytes.at(-1) === NEWLINE;
  const whole = new Uint8Array(bytes.length + (ends ? 0 : 1)).fill(NEWLINE);
  whole.set(bytes);
  using file = Deno.openSync(path, { append: true, create: true, mode: 0o600 });
  writeAll(file, whole);
  file.syncSync();
}

/**
 * Joins parts of a file.
 *
 * @param parts In their order.
 * @returns All of them.
 */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let length = 0;
  for (const part of parts) {
    whole.set(part, length);
    length += part.length;
  }
  return whole;
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
    if (exists(aside)) continue;
    Deno.renameSync(path, aside);
    syncFolderSync(dirname(path));
    return aside;
  }
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
