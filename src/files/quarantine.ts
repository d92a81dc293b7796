/**
 * Quarantine of unexpected files and bytes. They are moved aside, never deleted.
 *
 * @module
 */

import { regularFile } from "./regular_file.ts";
import { syncFolderSync } from "../platform/mod.ts";
import { dirname } from "../platform/path.ts";
import { isThere } from "./is_there.ts";
import { writeAllSync } from "./write_all.ts";
import { NEWLINE } from "./line_splitter.ts";
import { renameSync } from "../platform/retry_while_held.ts";

/**
 * Appends bytes to a quarantine file and syncs it. The next bytes begin on a new line.
 *
 * @param path The file. Created if missing, accessible only to its owner.
 * @param bytes The bytes to keep.
 * @throws The system's error, if the file cannot be written.
 */
export function quarantineBytes(path: string, bytes: Uint8Array): void {
  const isComplete = bytes.at(-1) === NEWLINE;
  const lines = new Uint8Array(bytes.length + (isComplete ? 0 : 1)).fill(NEWLINE);
  lines.set(bytes);
  using file = Deno.openSync(regularFile(path), { append: true, create: true, mode: 0o600 });
  writeAllSync(file, lines);
  file.syncSync();
}

/**
 * Renames a file to a free name that states the reason.
 *
 * @param path The file, or a folder at its path.
 * @param why Part of the new name, such as `broken`.
 * @param beside The path to which the reason is appended. @default `path`
 * @returns The new path.
 * @throws The system's error, if the file cannot be renamed.
 */
export function quarantineFile(path: string, why: string, beside: string = path): string {
  for (let number = 1;; number++) {
    const aside = `${beside}.${why}${number === 1 ? "" : `-${number}`}`;
    if (isThere(aside)) continue;
    renameSync(path, aside);
    syncFolderSync(dirname(path));
    return aside;
  }
}
