/**
 * The files of a log of records: the one that is written, such as `events.jsonl`, and older
 * segments beside it, each named after its first record.
 *
 * @module
 */

import { basename, dirname, join } from "../../platform/path.ts";
import { entriesOf } from "../../files/list_folder.ts";

/** An older file of a log. Nothing is appended to it any more. */
export interface Segment {
  readonly path: string;
  /** Id of its first record. */
  readonly firstId: number;
}

/** As many as the largest id has: names then sort as their ids do. */
const DIGITS = 16;

/**
 * The name that a log's file gets when a new one is begun.
 *
 * @param log Path of the log.
 * @param firstId Id of the first record in the file.
 * @returns Such as `events-0000000000000001.jsonl`: `cat events*.jsonl` is then all of it, in order.
 */
export function segmentPath(log: string, firstId: number): string {
  const [stem, ending] = partsOfName(log);
  return join(dirname(log), `${stem}-${String(firstId).padStart(DIGITS, "0")}${ending}`);
}

/**
 * The segments of a log.
 *
 * @param log Path of the log.
 * @returns Oldest first; none where the folder is not there.
 * @throws What the system says where the folder cannot be read.
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
