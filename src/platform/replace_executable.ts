/**
 * Waits until no other process replaces an executable, and marks it as being replaced. The mark is a lock
 * on the file itself, so it ends with the process, and it holds for all homes. Windows needs none: a file
 * that is in use cannot be removed there.
 *
 * @param path The executable.
 * @param signal Aborts the wait.
 * @returns Ends the mark when it is disposed of.
 */
export async function holdExecutable(path: string, signal: AbortSignal): Promise<Disposable> {
  if (Deno.build.os === "windows") return { [Symbol.dispose]: () => {} };
  for (;;) {
    // A running executable cannot be opened for writing; flock(2) needs no right to write.
    const file = await Deno.open(path, { read: true });
    const locked = file.lock(true);
    try {
      await Promise.race([locked, rejectedBy(signal)]);
    } catch (error) {
      // The system's wait cannot be cancelled. Closing the file releases a lock that is granted later.
      const close = () => file.close();
      locked.then(close, close);
      throw error;
    }
    const [held, now] = await Promise.all([file.stat(), Deno.stat(path)]);
    if (held.ino === now.ino) return file;
    file.close(); // Another process has replaced it meanwhile.
  }
}

/**
 * Removes an executable that a killed process left, unless a process holds it.
 *
 * @param path The executable.
 * @returns Whether it was removed.
 */
export function removeAbandoned(path: string): boolean {
  try {
    using file = Deno.openSync(path, { read: true });
    if (Deno.build.os !== "windows" && !isFree(file)) return false;
  } catch {
    return false; // It is gone.
  }
  try {
    Deno.removeSync(path);
    return true;
  } catch {
    return false; // In use (Windows), or in a folder of another user.
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** Deno 2.6, the oldest version that hale compiles with, cannot ask: then it counts as held. */
function isFree(file: Deno.FsFile): boolean {
  return typeof file.tryLockSync === "function" && file.tryLockSync(true);
}

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
