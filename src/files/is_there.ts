import { ifThere } from "./if_there.ts";

/**
 * Whether there is anything at a path. A link counts, wherever it leads.
 *
 * @param path The path.
 * @throws What the system says where it refuses to look.
 */
export function isThere(path: string): boolean {
  return ifThere(() => Deno.lstatSync(path)) !== null;
}
