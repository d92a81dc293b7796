import { regularFile } from "../../files/regular_file.ts";
import { copyPath } from "./log_files.ts";

/**
 * Returns whether a log still has the bytes of its unfinished copy, so that it was not emptied.
 *
 * @param path Path of the log. It and its copy exist.
 * @param offset Where the copied bytes begin in the log.
 */
export function hasCopiedBytes(path: string, offset: number): boolean {
  using file = Deno.openSync(regularFile(path));
  using copy = Deno.openSync(regularFile(copyPath(path)));
  if (file.statSync().size < offset + copy.statSync().size) return false;
  file.seekSync(offset, Deno.SeekMode.Start);
  const [ours, theirs] = [new Uint8Array(BLOCK_BYTES), new Uint8Array(BLOCK_BYTES)];
  for (;;) {
    const length = copy.readSync(ours);
    if (length === null) return true;
    for (let filled = 0; filled < length;) {
      const read = file.readSync(theirs.subarray(filled, length));
      if (read === null) return false;
      filled += read;
    }
    for (let at = 0; at < length; at++) if (ours[at] !== theirs[at]) return false;
  }
}

const BLOCK_BYTES = 65_536;
