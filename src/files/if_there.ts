/**
 * What a system call on a path gives, where there may be nothing at that path.
 *
 * @param act The call.
 * @returns What it returns; null where the system finds no such file or folder.
 * @throws What the system says where it refuses for another reason.
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
