/**
 * Makes a system call on a path that may not exist.
 *
 * @param act The call.
 * @returns Its result, or null if there is no such file or folder.
 * @throws Every other error of the system.
 *
 * @example
 * ```ts
 * import { ifThere } from "./if_there.ts";
 * console.log(ifThere(() => Deno.readTextFileSync("/tmp/no-such-file"))); // null
 * ```
 */
export function ifThere<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
