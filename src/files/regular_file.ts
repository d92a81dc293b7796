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

/** Why a path is not read. The text is the end of a sentence. */
export class NotRegularFile extends Error {
  override readonly name = "NotRegularFile";
  /** Whether it is a folder. */
  readonly isFolder: boolean;

  /** @param info What is at the path. It is not a regular file. */
  constructor(info: Deno.FileInfo) {
    super(
      info.isDirectory
        ? "it is a folder"
        : info.isFifo
        ? "it is a pipe, which can be read only once; write its content to a file"
        : "it is not a regular file",
    );
    this.isFolder = info.isDirectory;
  }
}

/**
 * Reads a file that a user has named. A pipe is not opened: that may wait for ever. Nor is a device,
 * which may have no end.
 *
 * @param path The path.
 * @returns Its content.
 * @throws {NotRegularFile} If it is not a regular file.
 */
export async function readRegularFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return await Deno.readFile(endingFile(path));
}

/**
 * Refuses what may wait for ever or have no end, before it is opened. A link is followed: for files of the
 * home, where none belongs, see {@linkcode regularFile}.
 *
 * @param path The path.
 * @returns The path.
 * @throws {NotRegularFile} If it is not a regular file.
 * @throws {Deno.errors.NotFound} If there is nothing.
 */
export function endingFile(path: string): string {
  const info = Deno.statSync(path);
  if (info.isFile) return path;
  throw new NotRegularFile(info);
}
