/**
 * Reads the complete lines in a range of a file.
 *
 * @module
 */

import { NEWLINE } from "../../files/line_splitter.ts";

/** One line of a file. */
export interface Line {
  /** Without line end. */
  readonly text: string;
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset of the next line. */
  readonly end: number;
}

/** Reads complete lines. Bytes after the last newline of the range are skipped. */
export class LineReader {
  readonly #file: Deno.FsFile;
  readonly #end: number;
  readonly #block = new Uint8Array(65_536);
  readonly #decoder = new TextDecoder();
  /** Bytes that were read but not returned. */
  #rest = new Uint8Array(0);
  /** Offset of these bytes. */
  #position: number;

  /**
   * @param file An open file. Reads move its position, so it can have only one reader at a time.
   * @param start Offset of the first byte.
   * @param end Offset after the last byte. Without it, a fast writer could keep a reader busy forever.
   */
  constructor(file: Deno.FsFile, start: number, end: number) {
    this.#file = file;
    this.#position = start;
    this.#end = end;
    file.seekSync(start, Deno.SeekMode.Start);
  }

  /** Returns the next complete line; null at the end. */
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
