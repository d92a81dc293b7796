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
  const info = await Deno.stat(path);
  if (!info.isFile) throw new NotRegularFile(info);
  return await Deno.readFile(path);
}
