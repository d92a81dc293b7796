/**
 * Returns whether this program may read a path without a question in the terminal, which Deno asks in a
 * host program that runs with few permissions.
 *
 * @param path Absolute path.
 * @returns Whether it may.
 */
export function mayRead(path: string): boolean {
  return isGranted() || isGranted(path);
}

function isGranted(path?: string): boolean {
  const place = path === undefined ? {} : { path };
  return Deno.permissions.querySync({ name: "read", ...place }).state === "granted";
}
