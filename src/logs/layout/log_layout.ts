/**
 * Positions in a log and the layout of its files.
 *
 * @module
 */

import { inspectFile, numberedPath, rotatedNumbers } from "./log_files.ts";
import type { LogLayout, LogMove } from "./log_index.ts";

/** A position in a log. It stays valid when the files are rotated. */
export interface LogPosition {
  /** Identifies the file: the number of its first byte. */
  readonly generation: number;
  /** Offset in that file, in bytes. */
  readonly offset: number;
}

/** The layout of a log at one moment. */
export interface CurrentLayout {
  readonly layout: LogLayout;
  readonly version: string;
  /** A move that takes long or was interrupted: the layout is that of before. @default null */
  readonly move?: LogMove | null;
}

/** A source of the current layout of a log. */
export interface LayoutSource {
  /** Returns the current layout. `version` changes whenever a file may have been moved. */
  current(): CurrentLayout;
}

/**
 * Derives the layout from the sizes of the files, for a log whose index is missing or does not
 * match the files.
 *
 * @param path Path of the log.
 * @param base Number of the first byte of the current file.
 * @returns A layout in which each rotated file ends where the next one begins.
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
 * Returns the number of the file with a generation.
 *
 * @param layout The layout of the log.
 * @param generation Number of the file's first byte.
 * @returns 0 for the current file, 1 for the newest rotated file; null if the file was removed.
 */
export function fileNumber({ base, older }: LogLayout, generation: number): number | null {
  if (generation === base) return 0;
  const index = older.indexOf(generation);
  return index === -1 ? null : index + 1;
}

/**
 * Returns the generation of a file.
 *
 * @param layout The layout of the log.
 * @param number 0 for the current file, 1 for the newest rotated file.
 * @returns Number of the file's first byte.
 */
export function generationOf({ base, older }: LogLayout, number: number): number {
  return number === 0 ? base : older[number - 1] ?? base;
}

/**
 * Returns the position of a byte.
 *
 * @param layout The layout of the log.
 * @param byte Number of the byte.
 * @returns Its position; null if its file was removed.
 */
export function locate(layout: LogLayout, byte: number): LogPosition | null {
  const generation = [layout.base, ...layout.older].find((start) => start <= byte);
  return generation === undefined ? null : { generation, offset: byte - generation };
}

/** Returns the number of the oldest byte that still exists. */
export function startOf({ base, older }: LogLayout): number {
  return older.at(-1) ?? base;
}
