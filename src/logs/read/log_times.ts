/**
 * The times at which the bytes of a log were written.
 *
 * @module
 */

import { readIndex } from "../layout/index_file.ts";
import { inspectFile, numberedPath } from "../layout/log_files.ts";
import type { LogSample } from "../layout/log_index.ts";
import { generationOf } from "../layout/log_layout.ts";
import type { LogReader } from "./log_reader.ts";

/**
 * Returns everything known about the times of a log: the samples of the supervisor and the
 * modification times of the files.
 *
 * @param log The log.
 * @returns The samples, oldest first.
 */
export function logTimes(log: LogReader): readonly LogSample[] {
  return log.stable((layout) => {
    const ends: LogSample[] = [];
    for (let number = layout.older.length; number >= 0; number--) {
      const file = inspectFile(numberedPath(log.path, number));
      if (file === null || file.size === 0) continue;
      const end = number === 0 ? layout.base + file.size : generationOf(layout, number - 1);
      ends.push({ at: file.writtenAt, end });
    }
    return [...readIndex(log.path).samples, ...ends].sort((a, b) => a.end - b.end || a.at - b.at);
  });
}
