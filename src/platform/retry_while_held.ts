/**
 * Renames files that another program may hold for a moment. Windows refuses to rename or replace a file
 * that is open without the permission to delete it, as virus scanners, indexers and editors have it for a
 * moment after each change.
 *
 * @module
 */

/** Pauses between the attempts, in milliseconds: 2 s together. */
const PAUSES_MS = [5, 10, 20, 40, 75, 150, 300, 600, 800];

/**
 * Codes of Windows: access denied (also a file whose removal is pending), sharing violation, lock
 * violation, and a file that is mapped into memory.
 */
const HELD = new Set(["5", "32", "33", "1224"]);

/**
 * Renames a file or a folder, and replaces what is at the new path. On Windows it tries again for two
 * seconds while another program holds one of both.
 *
 * @param from The old path.
 * @param to The new path.
 * @throws The system's error.
 */
export async function rename(from: string, to: string): Promise<void> {
  if (Deno.build.os !== "windows") return await Deno.rename(from, to);
  await retryWhileHeld(() => Deno.rename(from, to));
}

/** As {@linkcode rename}. Blocks the event loop. */
export function renameSync(from: string, to: string): void {
  if (Deno.build.os !== "windows") return Deno.renameSync(from, to);
  retryWhileHeldSync(() => Deno.renameSync(from, to));
}

/**
 * Repeats an action while it fails because another program holds a file.
 *
 * @param action What to do.
 * @param pause Waits for some milliseconds.
 * @throws The error of the last attempt, or at once an error with another cause.
 */
export async function retryWhileHeld(
  action: () => Promise<void>,
  pause: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<void> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await action();
    } catch (error) {
      if (!isHeld(error)) throw error;
    }
    await pause(pauseMs);
  }
  await action();
}

/** As {@linkcode retryWhileHeld}. */
export function retryWhileHeldSync(
  action: () => void,
  pause: (ms: number) => void = (ms) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  },
): void {
  for (const pauseMs of PAUSES_MS) {
    try {
      return action();
    } catch (error) {
      if (!isHeld(error)) throw error;
    }
    pause(pauseMs);
  }
  action();
}

/** Deno has no class for a sharing violation; the system's code is in the message. */
function isHeld(error: unknown): boolean {
  const code = /\(os error (\d+)\)/.exec(error instanceof Error ? error.message : "")?.[1];
  return code !== undefined && HELD.has(code);
}
