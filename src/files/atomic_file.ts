/**
 * Files that are replaced as a whole: a reader sees the old one or the new one, never a part.
 *
 * @module
 */

import { basename, dirname, join } from "../platform/path.ts";
import { syncFolderSync } from "../platform/mod.ts";
import { ensurePrivateFolder } from "./private_folder.ts";
import { storeIo } from "./io_error.ts";
import { tryRemove } from "./remove_if_there.ts";

const OWNER_ONLY = 0o600;

/**
 * Replaces a file, without waiting for the disk.
 *
 * The new file is in place when this returns and outlives the program, also one that is killed. A
 * power cut may undo it, or leave an empty file of this name on a file system that does not put
 * contents on disk before names, until both are synced.
 *
 * @param path The file. Folders above it are created, for their owner alone.
 * @param text Its new contents.
 * @param operation What it is for, in case of an error.
 * @throws {HaleError} `store_io` If the system refuses it: the old file is whole then.
 */
export function writeFileAtomicSync(path: string, text: string, operation: string): void {
  replaceFile(path, { text, operation, durable: false });
}

/**
 * Replaces a file so that it outlives a power cut. Everything else waits for the disk.
 *
 * @param path The file. Folders above it are created, for their owner alone.
 * @param text Its new contents.
 * @param operation What it is for, in case of an error.
 * @throws {HaleError} `store_io` If the system refuses it: the old file is whole then, unless it was
 * the sync of the folder, the last step, that failed.
 */
export function writeFileDurableSync(
  path: string,
  text: string | Uint8Array,
  operation: string,
): void {
  replaceFile(path, { text, operation, durable: true });
}

/**
 * Whether a file is what a killed program has left of a replacement.
 *
 * @param name Name of the file.
 * @returns False for every name that hale gives otherwise.
 */
export function isTempFileName(name: string): boolean {
  return /^\..+\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/.test(name);
}

function replaceFile(
  path: string,
  options: { text: string | Uint8Array; operation: string; durable: boolean },
): void {
  const { text, operation, durable } = options;
  const folder = dirname(path);
  ensurePrivateFolder(folder, operation);
  // Random, because the pid of a killed writer comes back, in a container often at once.
  const temporary = join(folder, `.${basename(path)}.${crypto.randomUUID()}.tmp`);
  try {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    Deno.writeFileSync(temporary, bytes, { createNew: true, mode: OWNER_ONLY });
    if (durable) syncFileSync(temporary);
    Deno.renameSync(temporary, path);
    if (durable) syncFolderSync(folder);
  } catch (error) {
    tryRemove(temporary);
    throw storeIo(operation, path, error);
  }
}

/**
 * Puts the contents of a file on disk. Everything else waits for it.
 *
 * @param path The file.
 * @throws What the system says where it refuses.
 */
export function syncFileSync(path: string): void {
  using file = Deno.openSync(path, { read: true, write: true }); // Windows wants the right to write.
  file.syncSync();
}
