/**
 * Where the bytes of a log are, as its files show it or its index tells.
 *
 * @module
 */

import { inspectFile, numberedPath, rotatedNumbers } from "./log_files.ts";
import type { LogLayout } from "./log_index.ts";

/** A place in a log. It stays right when the files around it are rotated. */
export interface LogPosition {
  /** Number of the first byte of the file that it is in: which file of the log that is. */
  readonly generation: number;
  /** Bytes from the file's start. */
  readonly offset: number;
}

/** Who knows how a log is spread over its files. */
export interface LayoutSource {
  /** How it is now. `version` is another one whenever a file may have been moved. */
  look(): { readonly layout: LogLayout; readonly version: string };
}

/**
 * The layout of a log whose index tells none, or another number of files.
 *
 * @param path The log.
 * @param base Number of the first byte of the file that is written to.
 * @returns A layout in which every rotated file ends where the next one begins.
 */
export function layoutOfFiles(path: string, base = 0): LogLayout {
  const older: number[] = [];
  let start = base;
  for (const number of rotatedNumbers(path)) {
    start -= inspectFile(numberedPath(path, number))?.size ?? 0;
    older.push(start);
  }
  return { base, older };
}

/**
 * Which file has a generation now.
 *
 * @param layout Where everything is.
 * @param generation Number of the file's first byte.
 * @returns 0 for the file that is written to, 1 for the newest rotated one; null where it is gone.
 */
export function fileNumber({ base, older }: LogLayout, generation: number): number | null {
  if (generation === base) return 0;
  const index = older.indexOf(generation);
  return index === -1 ? null : index + 1;
}

/**
 * Which generation a file has.
 *
 * @param layout Where everything is.
 * @param number 0 for the file that is written to, 1 for the newest rotated one.
 * @returns Number of the file's first byte.
 */
export function generationOf({ base, older }: LogLayout, number: number): number {
  return number === 0 ? base : older[number - 1] ?? base;
}

/**
 * Where a byte is.
 *
 * @param layout Where everything is.
 * @param byte Its number.
 * @returns Its place; null where its file is gone.
 */
export function locate(layout: LogLayout, byte: number): LogPosition | null {
  const generation = [layout.base, ...layout.older].find((start) => start <= byte);
  return generation === undefined ? null : { generation, offset: byte - generation };
}

/** Number of the oldest byte that is still there. */
export function startOf({ base, older }: LogLayout): number {
  return older.at(-1) ?? base;
}
