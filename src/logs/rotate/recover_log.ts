/**
 * Recovery of a log after a supervisor was killed during a rotation.
 *
 * @module
 */

import {
  closeGaps,
  copyPath,
  inspectFile,
  makeRoom,
  numberedPath,
  rotatedNumbers,
} from "../layout/log_files.ts";
import { hasCopiedBytes } from "../layout/copied_bytes.ts";
import type { LogIndex, LogLayout, LogMove } from "../layout/log_index.ts";
import { layoutOfFiles } from "../layout/log_layout.ts";
import { removeIfThere } from "../../files/remove_if_there.ts";
import { renameSync } from "../../platform/retry_while_held.ts";

/**
 * Completes or undoes an interrupted rotation.
 *
 * @param path Path of the log.
 * @param index The content of its index.
 * @returns The layout of the files, and whether the index must be rewritten.
 */
export function recoverLog(
  path: string,
  index: LogIndex,
): { layout: LogLayout; changed: boolean } {
  const recorded = index.layout ?? { base: 0, older: [] };
  const moved = index.move === null ? recorded : finishMove(path, recorded, index.move);
  // Without an announced move, the copy is unfinished.
  removeIfThere(copyPath(path));
  const files = closeGaps(path);
  const layout = files > moved.older.length
    ? layoutOfFiles(path, moved.base)
    : { ...moved, older: moved.older.slice(0, files) };
  const same = layout.base === recorded.base && `${layout.older}` === `${recorded.older}`;
  return { layout, changed: !same || !index.whole || index.move !== null };
}

function finishMove(path: string, recorded: LogLayout, { kind, from }: LogMove): LogLayout {
  const current = inspectFile(path);
  const newest = numberedPath(path, 1);
  if (kind === "returned") {
    if (current === null) return recorded;
    if (inspectFile(newest)?.inode === current.inode) removeIfThere(newest);
    return { base: from, older: recorded.older.slice(1) };
  }
  // The program may have reopened the log: then it has one rotated file more.
  const isRenamed = rotatedNumbers(path).length > recorded.older.length;
  if (kind === "renamed" && current !== null && !isRenamed) return recorded;
  const copy = inspectFile(copyPath(path));
  if (kind === "copied" && copy !== null) {
    if (hasCopiedBytes(path, from - recorded.base)) return recorded;
    makeRoom(path);
    renameSync(copyPath(path), newest);
  }
  const size = inspectFile(newest)?.size ?? 0;
  return { base: from + size, older: [from, ...recorded.older] };
}
