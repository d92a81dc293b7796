/**
 * The files of a log, and their names: `stdout.log` is written to, `stdout.log.1` is the newest of
 * the rotated ones.
 *
 * @module
 */

import { basename, dirname } from "../../platform/path.ts";
import { removeIfThere } from "../../files/remove_if_there.ts";
import { ifThere } from "../../files/if_there.ts";
import { entriesOf } from "../../files/list_folder.ts";

/**
 * Path of a file of a log.
 *
 * @param path The log.
 * @param number 0 is the file that is written to, 1 the newest rotated one.
 * @returns The path.
 */
export function numberedPath(path: string, number: number): string {
  return number === 0 ? path : `${path}.${number}`;
}

/** Where a copy grows until it becomes the newest rotated file. */
export function copyPath(path: string): string {
  return `${path}.copy`;
}

/** Where hale keeps which byte of a log is where, and when it was written. */
export function indexPath(path: string): string {
  return `${path}.index`;
}

/**
 * The rotated files of a log.
 *
 * @param path The log.
 * @returns Their numbers, rising: the newest first.
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

/** Whether there is anything of a log but the file that is written to. */
export function hasCompanions(path: string): boolean {
  const prefix = `${basename(path)}.`;
  return entriesOf(dirname(path)).some(({ name }) => name.startsWith(prefix));
}

/** What a system tells of a file of a log. */
export interface LogFile {
  readonly size: number;
  /** When it was last written to, in milliseconds since 1970. */
  readonly writtenAt: number;
  /** Tells it from another file of its name; null where the system has no such number. */
  readonly inode: number | null;
}

/** Looks at a file; null where there is none. */
export function inspectFile(path: string): LogFile | null {
  const info = ifThere(() => Deno.statSync(path));
  if (info === null) return null;
  return { size: info.size, writtenAt: info.mtime?.getTime() ?? Date.now(), inode: info.ino };
}

/**
 * Gives the rotated files the numbers 1, 2, 3 without a gap, as a move that was cut short may leave
 * them.
 *
 * @param path The log.
 * @returns How many there are.
 */
export function closeGaps(path: string): number {
  const numbers = rotatedNumbers(path);
  numbers.forEach((number, index) => {
    if (number !== index + 1) {
      Deno.renameSync(numberedPath(path, number), numberedPath(path, index + 1));
    }
  });
  return numbers.length;
}

/**
 * Gives every rotated file the next higher number: `.1` is free then.
 *
 * @param path The log.
 */
export function makeRoom(path: string): void {
  const numbers = rotatedNumbers(path);
  // Up to the first gap is enough: a move that was cut short has done the rest already.
  const free = numbers.findIndex((number, index) => number !== index + 1);
  const last = free === -1 ? numbers.length : free;
  for (let number = last; number >= 1; number--) {
    Deno.renameSync(numberedPath(path, number), numberedPath(path, number + 1));
  }
}

/**
 * Removes the oldest rotated files until no more are left than there may be.
 *
 * @param path The log.
 * @param most How many files, and how many bytes in all of them, may be left.
 * @returns How many are left.
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
