import { ifThere } from "../../files/if_there.ts";
import { hasCopiedBytes } from "./copied_bytes.ts";
import { copyPath, inspectFile, numberedPath, rotatedNumbers } from "./log_files.ts";
import type { LogLayout, LogMove } from "./log_index.ts";

/**
 * Returns where the files of a layout are in the middle of a move, or after one that was never recorded. A
 * move keeps the order of the files, so their order says which is which, and not their numbers.
 *
 * @param move The move.
 * @param path Path of the log.
 * @param layout The layout before the move.
 * @returns The paths of the files by their numbers in the layout; null for one that does not exist.
 */
export function pathsDuring(
  { kind, from }: LogMove,
  path: string,
  { base, older }: LogLayout,
): readonly (string | null)[] {
  const rotated = rotatedNumbers(path).map((number) => numberedPath(path, number));
  const [newest, ...rest] = rotated;
  const hasOneMore = rotated.length > older.length;
  switch (kind) {
    case "renamed":
      // What is at the path of the log now is a new file.
      return hasOneMore ? rotated : [path, ...rotated];
    case "copied": {
      const copy = hasOneMore ? newest! : copyPath(path);
      // Once it was emptied, what is at the path of the log was written later. The copy has what was there.
      const isEmptied = hasOneMore || ifThere(() => hasCopiedBytes(path, 0)) === false;
      const current = isEmptied && from === base ? copy : path;
      return [current, ...hasOneMore ? rest : rotated];
    }
    case "returned": {
      const current = inspectFile(path);
      if (current === null) return [null, ...rotated];
      // First both are names of the same file.
      const isLinked = newest !== undefined && inspectFile(newest)?.inode === current.inode;
      return [null, path, ...isLinked ? rest : rotated];
    }
  }
}
