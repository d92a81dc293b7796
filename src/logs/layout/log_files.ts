/**
 * The files of a log and their names: `stdout.log` is the current file, `stdout.log.1` is the
 * newest rotated file.
 *
 * @module
 */

import { basename, dirname } from "../../platform/path.ts";
import { removeIfThere } from "../../files/remove_if_there.ts";
import { ifThere } from "../../files/if_there.ts";
import { entriesOf } from "../../files/list_folder.ts";
import { renameSync } from "../../platform/retry_while_held.ts";

/**
 * Returns the path of one file of a log.
 *
 * @param path Path of the log.
 * @param number 0 for the current file, 1 for the newest rotated file.
 * @returns The path.
 */
export function numberedPath(path: string, number: number): string {
  return number === 0 ? path : `${path}.${number}`;
}

/** Path of an unfinished copy, which becomes the newest rotated file. */
export function copyPath(path: string): string {
  return `${path}.copy`;
}

/** Path of the index: which file has which bytes of the log, and when they were written. */
export function indexPath(path: string): string {
  return `${path}.index`;
}

/**
 * Lists the rotated files of a log.
 *
 * @param path Path of the log.
 * @returns Their numbers in ascending order: the newest file first.
 */
export function rotatedNumbers(path: string): number[] {
  const prefix = `${basename(path)}.`;
  const numbers: number[] = [];
  for (const { name } of entriesOf(dirname(path))) {
    const number = name.startsWith(prefix) ? name.slice(prefix.length) : "";
    if (/^[1-9][0-9]{0,8}$/.test(number)) numbers.push(Number(number));
  }
  return numbers.sort((a, b) => a - b);
}

/** Reports whether a log has any files besides the current one. */
export function hasCompanions(path: string): boolean {
  const prefix = `${basename(path)}.`;
  return entriesOf(dirname(path)).some(({ name }) => name.startsWith(prefix));
}

/** Metadata of one file of a log. */
export interface LogFile {
  readonly size: number;
  /** Modification time, in milliseconds since 1970. */
  readonly writtenAt: number;
  /** Distinguishes it from another file of the same name; null on systems without inodes. */
  readonly inode: number | null;
}

/** Returns the metadata of a file, or null if it does not exist. */
export function inspectFile(path: string): LogFile | null {
  const info = ifThere(() => Deno.statSync(path));
  if (info === null) return null;
  return { size: info.size, writtenAt: info.mtime?.getTime() ?? Date.now(), inode: info.ino };
}

/**
 * Renumbers the rotated files to 1, 2, 3 without gaps. An interrupted move may leave gaps.
 *
 * @param path Path of the log.
 * @returns The number of rotated files.
 */
export function closeGaps(path: string): number {
  const numbers = rotatedNumbers(path);
  numbers.forEach((number, index) => {
    if (number !== index + 1) {
      renameSync(numberedPath(path, number), numberedPath(path, index + 1));
    }
  });
  return numbers.length;
}

/**
 * Increments the number of every rotated file, so that `.1` is free.
 *
 * @param path Path of the log.
 */
export function makeRoom(path: string): void {
  const numbers = rotatedNumbers(path);
  // Stop at the first gap: an interrupted call has already moved the files after it.
  const free = numbers.findIndex((number, index) => number !== index + 1);
  const last = free === -1 ? numbers.length : free;
  for (let number = last; number >= 1; number--) {
    renameSync(numberedPath(path, number), numberedPath(path, number + 1));
  }
}

/**
 * Removes the oldest rotated files until the rest is within the limits.
 *
 * @param path Path of the log.
 * @param most Highest number of files, and highest total of their bytes.
 * @returns The number of files that are left.
 */
export function dropOldest(
  path: string,
  most: { readonly files: number; readonly bytes: number },
): number {
  let left = 0;
  let bytes = 0;
  for (const number of rotatedNumbers(path)) {
    const file = numberedPath(path, number);
    bytes += inspectFile(file)?.size ?? 0;
    if (left < most.files && bytes <= most.bytes) left++;
    else removeIfThere(file);
  }
  return left;
}
