/** Thrown where a kill would end the program. */
export class Killed extends Error {
  override readonly name = "Killed";
}

const CALLS = ["renameSync", "removeSync", "linkSync", "writeTextFileSync"] as const;

/**
 * Runs an action like a program that is killed before one of its changes to the disk.
 *
 * @param count Index of the change before which it is killed, from 0.
 * @param act The action.
 * @returns True if it was killed; false if it makes at most `count` changes.
 */
export async function killedAt(count: number, act: () => void | Promise<void>): Promise<boolean> {
  let left = count;
  const guard = <A extends unknown[], R>(call: (...args: A) => R) =>
    function (this: unknown, ...args: A): R {
      if (left-- <= 0) throw new Killed();
      return call.apply(this, args);
    };
  const file = Deno.FsFile.prototype;
  const before = { ...Deno };
  const { truncateSync } = file;
  // deno-lint-ignore no-explicit-any
  const deno = Deno as any;
  try {
    for (const call of CALLS) deno[call] = guard(before[call] as () => void);
    file.truncateSync = guard(truncateSync);
    await act();
    return false;
  } catch (error) {
    if (error instanceof Killed) return true;
    throw error;
  } finally {
    for (const call of CALLS) deno[call] = before[call];
    file.truncateSync = truncateSync;
  }
}
