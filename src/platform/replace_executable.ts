/**
 * Puts another executable in the place of one that may be running.
 *
 * @module
 */

import { dirname } from "./path.ts";
import { syncFolder } from "./mod.ts";

/** The files of a replacement, all in one folder. */
export interface Replacement {
  /** The executable that is to be replaced. */
  readonly path: string;
  /** The new one, whole and checked. */
  readonly staged: string;
  /** Where the old one is kept. Nothing may be there. */
  readonly kept: string;
}

/**
 * Replaces an executable and keeps the old one. Nothing is written into a file that may be running.
 *
 * On Unix there is no moment at which nothing stands at the path. Windows refuses to replace a file
 * that runs, but lets it be renamed: there it is moved aside first, and back if the second step
 * fails.
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
 * @param replacement The files, as they were replaced.
 */
export async function restoreExecutable(replacement: Replacement): Promise<void> {
  const { path, staged, kept } = replacement;
  if (Deno.build.os === "windows") await Deno.rename(path, staged);
  await Deno.rename(kept, path);
}
