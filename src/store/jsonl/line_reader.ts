/**
 * Whole lines of a part of a file.
 *
 * @module
 */

import { NEWLINE } from "../../files/newline.ts";

/** One line of a file, without its end. */
export interface Line {
  readonly text: string;
  /** Byte at which it begins. */
  readonly start: number;
  /** Byte at which the next one begins. */
  readonly end: number;
}

/** Reads whole lines. What has no newline within the part is not yet a line. */
export class LineReader {
  readonly #file: Deno.FsFile;
  readonly #end: number;
  readonly #block = new Uint8Array(65_536);
  readonly #decoder = new TextDecoder();
  /** Bytes that were read and are not yet part of a line. */
  #rest = new Uint8Array(0);
  /** Byte at which they begin. */
  #position: number;

  /**
   * @param file An open file. Its own position is moved by every read: one reader a file at a time.
   * @param start Byte to begin at.
   * @param end Byte to end at: a writer that is faster would keep a reader for ever.
   */
  constructor(file: Deno.FsFile, start: number, end: number) {
    this.#file = file;
    this.#position = start;
    this.#end = end;
    file.seekSync(start, Deno.SeekMode.Start);
  }

  /** The next whole line; null where there is none. */
  async next(): Promise<Line | null> {
    let length = this.#rest.indexOf(NEWLINE);
    while (length < 0) {
      const searched = this.#rest.length;
      const left = this.#end - this.#position - searched;
      if (left <= 0) return null;
      const read = await this.#file.read(this.#block.subarray(0, left));
      if (read === null) return null;
      const joined = new Uint8Array(searched + read);
      joined.set(this.#rest);
      joined.set(this.#block.subarray(0, read), searched);
      this.#rest = joined;
      length = joined.indexOf(NEWLINE, searched);
    }
    const start = this.#position;
    this.#position = start + length + 1;
    const text = this.#decoder.decode(this.#rest.subarray(0, length));
    this.#rest = this.#rest.subarray(length + 1);
    return { text, start, end: this.#position };
  }
}
