/**
 * Reading a log and the files that it was rotated into as one text, also while it is rotated.
 *
 * @module
 */

import { IndexFile } from "../layout/index_file.ts";
import { inspectFile, numberedPath } from "../layout/log_files.ts";
import type { LogLayout } from "../layout/log_index.ts";
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

/** What was read. */
export interface LogRead {
  /** Empty at the end of the log. Part of the buffer: the next read overwrites it. */
  readonly bytes: Uint8Array;
  /** Where to go on. */
  readonly next: LogPosition;
  /** Whether what was there before `bytes` had been rotated away for good. */
  readonly missed: boolean;
}

/** Files are moved so rarely that a second try nearly always does. */
const MAX_TRIES = 20;

/**
 * A log. It takes no lock, and holds nobody up: what was read while a file was moved is thrown away
 * and read again.
 */
export class LogReader implements Disposable {
  readonly path: string;
  readonly #source: LayoutSource;
  readonly #open = new Map<number, Deno.FsFile>();
  #version = "";

  /**
   * @param path The log. It need not exist.
   * @param source Who knows where its bytes are. @default its index
   */
  constructor(path: string, source: LayoutSource = new IndexFile(path)) {
    this.path = path;
    this.#source = source;
  }

  /** Where the oldest byte is. */
  start(): LogPosition {
    return this.stable((layout) => ({ generation: startOf(layout), offset: 0 }));
  }

  /** Where the next byte will be written. */
  end(): LogPosition {
    return this.stable(({ base }) => ({ generation: base, offset: this.size(0) }));
  }

  /**
   * Where a byte is.
   *
   * @param byte Its number, counted from the first one that the log ever had.
   * @returns Its place; the oldest that there is where it has been rotated away, and the start of
   * the file that is written to where there has never been such a byte: the index was lost then.
   */
  locate(byte: number): LogPosition {
    return this.stable((layout) => {
      const found = locate(layout, byte) ?? { generation: startOf(layout), offset: 0 };
      const beyond = found.generation === layout.base && found.offset > this.size(0);
      return beyond ? { generation: layout.base, offset: 0 } : found;
    });
  }

  /**
   * Reads on from a place.
   *
   * @param position Where to begin.
   * @param buffer Where to read to.
   * @returns Some of what follows, of one file.
   */
  read(position: LogPosition, buffer: Uint8Array): LogRead {
    return this.stable((layout) => {
      let { position: at, missed } = inLayout(layout, position);
      for (;;) {
        const number = fileNumber(layout, at.generation) ?? 0;
        const bytes = this.readAt(number, at.offset, buffer);
        if (bytes.length > 0) {
          return { bytes, next: { ...at, offset: at.offset + bytes.length }, missed };
        }
        if (number === 0) {
          if (at.offset === 0 || !this.#hasBegunAnew(at.offset)) return { bytes, next: at, missed };
          at = { ...at, offset: 0 };
        } else {
          // A program that reopens its log writes to the old file until it has made the new one.
          if (number === 1 && inspectFile(this.path) === null) return { bytes, next: at, missed };
          at = { generation: generationOf(layout, number - 1), offset: 0 };
        }
      }
    });
  }

  /**
   * Looks at several files of the log as they were at one moment.
   *
   * @param look What to do with them, given where everything is. It is done again where a file was
   * moved meanwhile.
   * @returns What it gave.
   */
  stable<T>(look: (layout: LogLayout) => T): T {
    for (let tries = 1;; tries++) {
      const { layout, version } = this.#source.look();
      if (version !== this.#version) {
        this.#close();
        this.#version = version;
      }
      const result = look(layout);
      if (tries === MAX_TRIES || this.#source.look().version === version) return result;
    }
  }

  /**
   * Fills a buffer from one of the files. Only within {@linkcode LogReader.stable}.
   *
   * @param number 0 for the file that is written to, 1 for the newest rotated one.
   * @param offset Where to begin, in bytes.
   * @param buffer Where to read to.
   * @returns The part that was filled: shorter where the file ends before.
   */
  readAt(number: number, offset: number, buffer: Uint8Array): Uint8Array {
    const file = this.#file(number);
    if (file === null) return buffer.subarray(0, 0);
    return readFrom(file, offset, buffer);
  }

  /** Bytes of one of the files. Only within {@linkcode LogReader.stable}. */
  size(number: number): number {
    return this.#file(number)?.statSync().size ?? 0;
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  #file(number: number): Deno.FsFile | null {
    let file: Deno.FsFile | null | undefined = this.#open.get(number);
    if (file === undefined) {
      file = ifThere(() => Deno.openSync(numberedPath(this.path, number), { read: true }));
      if (file === null) return null;
      this.#open.set(number, file);
    }
    return file;
  }

  /** Whether somebody else has emptied the file that is written to, or put another in its place. */
  #hasBegunAnew(offset: number): boolean {
    const there = inspectFile(this.path);
    const here = this.#file(0)?.statSync();
    if (there === null || here === undefined) return false;
    if (there.inode === here.ino) return there.size < offset;
    this.#open.get(0)?.close();
    this.#open.delete(0);
    return true;
  }

  #close(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }
}

/** A place in the files that there are, where the file of the place may be gone. */
function inLayout(
  layout: LogLayout,
  position: LogPosition,
): { position: LogPosition; missed: boolean } {
  if (fileNumber(layout, position.generation) !== null) return { position, missed: false };
  const found = locate(layout, position.generation + position.offset);
  if (found !== null) return { position: found, missed: false };
  return { position: { generation: startOf(layout), offset: 0 }, missed: true };
}
