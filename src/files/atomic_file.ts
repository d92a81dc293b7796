/**
 * Atomic replacement of files: a reader sees the old or the new contents, never a mix or a part.
 *
 * @module
 */

import { basename, dirname, join } from "../platform/path.ts";
import { syncFolderSync } from "../platform/mod.ts";
import { ensurePrivateFolder } from "./private_folder.ts";
import { storeIo } from "./io_error.ts";
import { tryRemove } from "./remove_if_there.ts";
import { renameSync } from "../platform/retry_while_held.ts";

const OWNER_ONLY = 0o600;

/**
 * Replaces a file atomically, without a sync.
 *
 * The new file survives a kill of this process once this returns. Until it and its folder are synced, a
 * power cut may undo the replacement, or leave an empty file on file systems that write names before
 * contents.
 *
 * @param path The file. Missing parent folders are created, accessible only to their owner.
 * @param text Its new contents.
 * @param operation What the caller does, for the error message.
 * @throws {HaleError} `store_io` If the file cannot be written. The old file is then unchanged.
 */
export function writeFileAtomicSync(path: string, text: string, operation: string): void {
  replaceFile(path, { text, operation, durable: false });
}

/**
 * Replaces a file atomically and syncs it, so that it survives a power cut. Blocks the event loop.
 *
 * @param path The file. Missing parent folders are created, accessible only to their owner.
 * @param text Its new contents.
 * @param operation What the caller does, for the error message.
 * @throws {HaleError} `store_io` If the file cannot be written. The old file is then unchanged, unless
 * the last step, the sync of the folder, failed.
 */
export function writeFileDurableSync(
  path: string,
  text: string | Uint8Array,
  operation: string,
): void {
  replaceFile(path, { text, operation, durable: true });
}

/**
 * Returns whether a name is that of a temporary file, which a killed program may have left.
 *
 * @param name Name of the file.
 * @returns False for all other names that hale uses.
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
  // Random instead of the pid: pids are reused, in a container often at once.
  const temporary = join(folder, `.${basename(path)}.${crypto.randomUUID()}.tmp`);
  try {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    Deno.writeFileSync(temporary, bytes, { createNew: true, mode: OWNER_ONLY });
    if (durable) syncFileSync(temporary);
    renameSync(temporary, path);
    if (durable) syncFolderSync(folder);
  } catch (error) {
    tryRemove(temporary);
    throw storeIo(operation, path, error);
  }
}

/**
 * Syncs the contents of a file. Blocks the event loop.
 *
 * @param path The file.
 * @throws The system's error, if the file cannot be synced.
 */
export function syncFileSync(path: string): void {
  using file = Deno.openSync(path, { read: true, write: true }); // Windows syncs only writable files.
  file.syncSync();
}
