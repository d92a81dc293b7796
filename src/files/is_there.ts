import { ifThere } from "./if_there.ts";

/**
 * Returns whether a path exists. A symbolic link exists even if its target does not.
 *
 * @param path The path.
 * @throws The system's error, if the path cannot be examined.
 */
export function isThere(path: string): boolean {
  return ifThere(() => Deno.lstatSync(path)) !== null;
}
