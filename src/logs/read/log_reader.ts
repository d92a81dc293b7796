/**
 * Reading a log and its rotated files as one stream, also during rotation.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import { IndexFile } from "../layout/index_file.ts";
import { inspectFile, numberedPath } from "../layout/log_files.ts";
import type { LogLayout, LogMove } from "../layout/log_index.ts";
import { pathsDuring } from "../layout/paths_during.ts";
import {
  fileNumber,
  generationOf,
  type LayoutSource,
  locate,
  type LogPosition,
  startOf,
} from "../layout/log_layout.ts";
import { readFrom } from "../../files/read_from.ts";
import { ifThere } from "../../files/if_there.ts";

/** Result of a read. */
export interface LogRead {
  /** A part of the buffer, which the next read overwrites. Empty at the end of the log. */
  readonly bytes: Uint8Array;
  /** Where to continue. */
  readonly next: LogPosition;
  /** Whether bytes before `bytes` were removed by rotation before they could be read. */
  readonly missed: boolean;
}

const READ = { read: true };

/** Moves are rare: the second try nearly always succeeds. */
const MAX_TRIES = 20;

/**
 * A reader of a log. It takes no lock and never blocks rotation: if a file was moved during a read,
 * the read is repeated.
 */
export class LogReader implements Disposable {
  readonly path: string;
  readonly #source: LayoutSource;
  readonly #current: string;
  readonly #open = new Map<number, Deno.FsFile>();
  #version = "";
  /** The move that takes long or was interrupted; the layout is that of before. Null if there is none. */
  #move: LogMove | null = null;

  /**
   * @param path Path of the log. It need not exist.
   * @param source The source of the layout. @default the index file
   * @param options `current`: path of a copy of the current file, if that file was removed.
   */
  constructor(
    path: string,
    source: LayoutSource = new IndexFile(path),
    { current = path }: { readonly current?: string | undefined } = {},
  ) {
    this.path = path;
    this.#source = source;
    this.#current = current;
  }

  /** Returns the position of the oldest byte. */
  start(): LogPosition {
    return this.stable((layout) => ({ generation: startOf(layout), offset: 0 }));
  }

  /** Returns the position of the next byte to be written. */
  end(): LogPosition {
    return this.stable(({ base }) => ({ generation: base, offset: this.size(0) }));
  }

  /**
   * Returns the position of a byte.
   *
   * @param byte Number of the byte, counted from the first byte ever written to the log.
   * @returns Its position. If rotation removed the byte, the position of the oldest byte. If no
   * such byte exists yet, which happens after the index was lost, the start of the current file.
   */
  locate(byte: number): LogPosition {
    return this.stable((layout) => {
      const position = locate(layout, byte) ?? { generation: startOf(layout), offset: 0 };
      const isBeyondEnd = position.generation === layout.base && position.offset > this.size(0);
      return isBeyondEnd ? { generation: layout.base, offset: 0 } : position;
    });
  }

  /**
   * Reads from a position.
   *
   * @param position Where to start.
   * @param buffer The buffer to fill.
   * @returns Some of the bytes that follow, from one file.
   */
  read(position: LogPosition, buffer: Uint8Array): LogRead {
    return this.stable((layout) => {
      let { position: at, missed } = inLayout(layout, position);
      for (;;) {
        const number = fileNumber(layout, at.generation) ?? 0;
        // A program that reopens its log writes to the old file until it has created the new one. Asked
        // before the read: what it wrote to the old file is then there.
        const isComplete = number !== 1 || this.#hasCurrent();
        const bytes = this.readAt(number, at.offset, buffer);
        if (bytes.length > 0) {
          return { bytes, next: { ...at, offset: at.offset + bytes.length }, missed };
        }
        if (number === 0) {
          if (at.offset === 0 || !this.#wasReplaced(at.offset)) return { bytes, next: at, missed };
          at = { ...at, offset: 0 };
        } else {
          if (!isComplete) return { bytes, next: at, missed };
          at = { generation: generationOf(layout, number - 1), offset: 0 };
        }
      }
    });
  }

  /**
   * Reads several files of the log consistently.
   *
   * @param read Reads the files, given their layout. It is called again if a file was moved during
   * the call.
   * @returns The result of `read`.
   */
  stable<T>(read: (layout: LogLayout) => T): T {
    for (let tries = 1;; tries++) {
      const { layout, version, move = null } = this.#source.current();
      if (version !== this.#version) {
        this.#close();
        this.#version = version;
        this.#move = move;
        if (move !== null) this.#openMoving(layout, move);
      }
      const result = read(layout);
      if (tries === MAX_TRIES || this.#source.current().version === version) return result;
    }
  }

  /**
   * Fills a buffer from one of the files. Call it only within {@linkcode LogReader.stable}.
   *
   * @param number 0 for the current file, 1 for the newest rotated file.
   * @param offset Offset in the file, in bytes.
   * @param buffer The buffer to fill.
   * @returns The filled part, which is shorter at the end of the file.
   */
  readAt(number: number, offset: number, buffer: Uint8Array): Uint8Array {
    const file = this.#file(number);
    if (file === null) return buffer.subarray(0, 0);
    return readFrom(file, offset, buffer);
  }

  /** Returns the size of one file in bytes. Call it only within {@linkcode LogReader.stable}. */
  size(number: number): number {
    return this.#file(number)?.statSync().size ?? 0;
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  /** Whether there is a current file in the layout. */
  #hasCurrent(): boolean {
    // The file that becomes the current one again is `.1` in the layout of before.
    return this.#move?.kind !== "returned" && inspectFile(this.path) !== null;
  }

  /** Opens all files in the middle of a move. If another one is moved meanwhile, it begins again. */
  #openMoving(layout: LogLayout, move: LogMove): void {
    for (let tries = 1;; tries++) {
      const paths = pathsDuring(move, this.path, layout);
      const files = paths.map((path) =>
        path === null ? null : ifThere(() => Deno.openSync(regularFile(path), READ))
      );
      const isSame = `${pathsDuring(move, this.path, layout)}` === `${paths}`;
      const isWhole = files.every((file, number) => (file === null) === (paths[number] === null));
      if (tries < MAX_TRIES && !(isSame && isWhole)) {
        for (const file of files) file?.close();
        continue;
      }
      files.forEach((file, number) => file !== null && this.#open.set(number, file));
      return;
    }
  }

  #file(number: number): Deno.FsFile | null {
    let file: Deno.FsFile | null | undefined = this.#open.get(number);
    // In the middle of a move, all files are open already: their names say something else.
    if (file === undefined && this.#move !== null) return null;
    if (file === undefined) {
      const path = number === 0 ? this.#current : numberedPath(this.path, number);
      file = ifThere(() => Deno.openSync(regularFile(path), READ));
      if (file === null) return null;
      this.#open.set(number, file);
    }
    return file;
  }

  /** Whether another program truncated or replaced the current file. */
  #wasReplaced(offset: number): boolean {
    // What is at its path now gets a generation of its own.
    if (this.#move !== null) return false;
    const current = inspectFile(this.path);
    const opened = this.#file(0)?.statSync();
    if (current === null || opened === undefined) return false;
    if (current.inode === opened.ino) return current.size < offset;
    this.#open.get(0)?.close();
    this.#open.delete(0);
    return true;
  }

  #close(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }
}

/** Maps a position to the existing files. The file of the position may have been removed. */
function inLayout(
  layout: LogLayout,
  position: LogPosition,
): { position: LogPosition; missed: boolean } {
  if (fileNumber(layout, position.generation) !== null) return { position, missed: false };
  const found = locate(layout, position.generation + position.offset);
  if (found !== null) return { position: found, missed: false };
  return { position: { generation: startOf(layout), offset: 0 }, missed: true };
}
