import { HaleError } from "../errors.ts";

/**
 * Refuses what is no regular file, before it is opened: the open of a named pipe waits for another program,
 * and a link leads out of the home. A folder passes, because its open fails with an error of its own.
 *
 * @param path The file. It need not exist.
 * @returns The path.
 * @throws {HaleError} `store_corrupt` If it is a named pipe, a socket, a device or a symbolic link.
 *
 * @example
 * ```ts
 * import { regularFile } from "./regular_file.ts";
 * console.log(regularFile("/tmp/no-such-file")); // /tmp/no-such-file
 * ```
 */
export function regularFile(path: string): string {
  const what = irregularity(path);
  if (what === null) return path;
  throw new HaleError(
    "store_corrupt",
    `hale does not open ${path}: it is ${what}, where a regular file must be. hale left it as it is. ` +
      "Find out which program made it, then remove it or move it out of the home.",
    { fields: { path, detail: `it is ${what}` } },
  );
}

/**
 * Returns what a path is, if hale must not open it.
 *
 * @param path The path.
 * @returns Such as `a named pipe (FIFO)`; null for a regular file, a folder, or nothing.
 */
export function irregularity(path: string): string | null {
  let info;
  try {
    info = Deno.lstatSync(path);
  } catch {
    return null; // Missing or not accessible: the open reports it.
  }
  if (info.isFile || info.isDirectory) return null;
  if (info.isSymlink) return "a symbolic link";
  if (info.isFifo) return "a named pipe (FIFO)";
  return info.isSocket ? "a socket" : "a device";
}
