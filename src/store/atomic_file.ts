/**
 * Files that are replaced as a whole: a reader sees the old one or the new one, never a part.
 *
 * @module
 */

import { basename, dirname, join } from "../platform/path.ts";
import { HaleError } from "../errors.ts";
import { syncFile, syncName } from "./disk_sync.ts";
import { ensurePrivateFolder } from "./private_folder.ts";
import { storeIo } from "./store_error.ts";

const OWNER_ONLY = 0o600;

/**
 * Replaces a file, without waiting for the disk.
 *
 * The new file is in place when this returns and outlives the program, also one that is killed. A
 * power cut may undo it until its contents and its name are synced.
 *
 * @param path The file. Folders above it are created, for their owner alone.
 * @param text Its new contents.
 * @param operation What it is for, in case of an error.
 * @throws {HaleError} `store_io` If the system refuses it: the old file is whole then.
 */
export function writeFileAtomicSync(path: string, text: string, operation: string): void {
  const temporary = temporaryBeside(path);
  ensurePrivateFolder(dirname(path), operation);
  try {
    Deno.writeTextFileSync(temporary, text, { createNew: true, mode: OWNER_ONLY });
    Deno.renameSync(temporary, path);
  } catch (error) {
    removeIfThere(temporary);
    throw storeIo(operation, path, error);
  }
}

/**
 * Replaces a file so that it outlives a power cut.
 *
 * @param path The file. Folders above it are created, for their owner alone.
 * @param text Its new contents.
 * @param operation What it is for, in case of an error.
 * @throws {HaleError} `store_io` If the system refuses it: the old file is whole then, unless it was
 * the last step that failed.
 */
export async function writeFileAtomic(
  path: string,
  text: string,
  operation: string,
): Promise<void> {
  const temporary = temporaryBeside(path);
  ensurePrivateFolder(dirname(path), operation);
  try {
    await Deno.writeTextFile(temporary, text, { createNew: true, mode: OWNER_ONLY });
    await syncFile(temporary, operation);
    await Deno.rename(temporary, path);
    await syncName(path, operation);
  } catch (error) {
    removeIfThere(temporary);
    throw error instanceof HaleError ? error : storeIo(operation, path, error);
  }
}

/** Random, because the pid of a killed writer comes back, in a container often at once. */
function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}.tmp`);
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was never created or is renamed already; the error that brought us here says more.
  }
}
