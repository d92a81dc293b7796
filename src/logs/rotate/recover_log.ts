/**
 * Bringing to its end what a supervisor that was killed had begun.
 *
 * @module
 */

import { closeGaps, copyPath, inspectFile, makeRoom, numberedPath } from "../layout/log_files.ts";
import type { LogIndex, LogLayout, LogMove } from "../layout/log_index.ts";
import { layoutOfFiles } from "../layout/log_layout.ts";
import { removeIfThere } from "../../files/remove_if_there.ts";

/**
 * Puts the files of a log in order.
 *
 * @param path The log.
 * @param index What its index says.
 * @returns Where everything is, and whether the index has to say something else than it does.
 */
export function recoverLog(
  path: string,
  index: LogIndex,
): { layout: LogLayout; changed: boolean } {
  const told = index.layout ?? { base: 0, older: [] };
  const moved = index.move === null ? told : finishMove(path, told, index.move);
  // Without a move that was announced, it is a copy that was not finished.
  removeIfThere(copyPath(path));
  const files = closeGaps(path);
  const layout = files > moved.older.length
    ? layoutOfFiles(path, moved.base)
    : { ...moved, older: moved.older.slice(0, files) };
  const same = layout.base === told.base && `${layout.older}` === `${told.older}`;
  return { layout, changed: !same || !index.whole || index.move !== null };
}

function finishMove(path: string, told: LogLayout, { kind, from }: LogMove): LogLayout {
  const current = inspectFile(path);
  const newest = numberedPath(path, 1);
  if (kind === "returned") {
    if (current === null) return told;
    if (inspectFile(newest)?.inode === current.inode) removeIfThere(newest);
    return { base: from, older: told.older.slice(1) };
  }
  if (kind === "renamed" && current !== null) return told;
  const copy = inspectFile(copyPath(path));
  if (kind === "copied" && copy !== null) {
    if (isPartOf(path, copyPath(path), from - told.base)) return told;
    makeRoom(path);
    Deno.renameSync(copyPath(path), newest);
  }
  const size = inspectFile(newest)?.size ?? 0;
  return { base: from + size, older: [from, ...told.older] };
}

/** Whether a file still begins, at an offset, with all that was copied of it: it was not truncated. */
function isPartOf(path: string, copied: string, offset: number): boolean {
  using file = Deno.openSync(path);
  using copy = Deno.openSync(copied);
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
