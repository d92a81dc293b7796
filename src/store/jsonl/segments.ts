/**
 * The files of a log of records: the active file, such as `events.jsonl`, and older segments beside it,
 * each named after its first record.
 *
 * @module
 */

import { basename, dirname, join } from "../../platform/path.ts";
import { entriesOf } from "../../files/list_folder.ts";

/** An older file of a log, to which nothing is appended. */
export interface Segment {
  readonly path: string;
  /** Id of its first record. */
  readonly firstId: number;
}

/** Number of digits of the largest id, so that names sort in the order of ids. */
const DIGITS = 16;

/**
 * Returns the path to which the active file is renamed when a new one is created.
 *
 * @param log Path of the log.
 * @param firstId Id of the first record in the file.
 * @returns Such as `events-0000000000000001.jsonl`, so that `cat events*.jsonl` prints the whole log in
 * order.
 */
export function segmentPath(log: string, firstId: number): string {
  const [stem, ending] = partsOfName(log);
  return join(dirname(log), `${stem}-${String(firstId).padStart(DIGITS, "0")}${ending}`);
}

/**
 * Lists the segments of a log.
 *
 * @param log Path of the log.
 * @returns Oldest first; none if the folder does not exist.
 * @throws The system's error, if the folder cannot be read.
 */
export function listSegments(log: string): Segment[] {
  const [stem, ending] = partsOfName(log);
  const folder = dirname(log);
  const segments: Segment[] = [];
  for (const { name, isFile } of entriesOf(folder)) {
    if (!isFile || !name.startsWith(`${stem}-`) || !name.endsWith(ending)) continue;
    const digits = name.slice(stem.length + 1, name.length - ending.length);
    if (digits.length !== DIGITS || !/^\d+$/.test(digits)) continue;
    segments.push({ path: join(folder, name), firstId: Number(digits) });
  }
  return segments.sort((a, b) => a.firstId - b.firstId);
}

function partsOfName(log: string): [stem: string, ending: string] {
  const name = basename(log);
  const dot = name.lastIndexOf(".");
  return [name.slice(0, dot), name.slice(dot)];
}
