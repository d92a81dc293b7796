/**
 * Replaces an executable that may be running.
 *
 * @module
 */

import { dirname } from "./path.ts";
import { syncFolder } from "./mod.ts";

/** The files of a replacement, all in the same folder. */
export interface Replacement {
  /** The executable to replace. */
  readonly path: string;
  /** The new executable, complete and verified. */
  readonly staged: string;
  /** Where to keep the old executable. The path must not exist. */
  readonly kept: string;
}

/**
 * Replaces an executable and keeps the old one. A file that may be running is never written to.
 *
 * On Unix the path exists at all times. Windows refuses to replace a running file but allows to rename
 * it: the old file is renamed first, and renamed back if the second step fails.
 *
 * @param replacement The files.
 */
export async function replaceExecutable(replacement: Replacement): Promise<void> {
  const { path, staged, kept } = replacement;
  if (Deno.build.os === "windows") {
    await Deno.rename(path, kept);
    await Deno.rename(staged, path).catch(async (error) => {
      await Deno.rename(kept, path);
      throw error;
    });
    return;
  }
  await Deno.link(path, kept);
  await Deno.rename(staged, path);
  await syncFolder(dirname(path));
}

/**
 * Undoes {@linkcode replaceExecutable}.
 *
 * @param replacement The files that {@linkcode replaceExecutable} was called with.
 */
export async function restoreExecutable(replacement: Replacement): Promise<void> {
  const { path, staged, kept } = replacement;
  if (Deno.build.os === "windows") await Deno.rename(path, staged);
  await Deno.rename(kept, path);
}
