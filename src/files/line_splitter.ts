/**
 * Splits the bytes of a log into lines for display.
 *
 * @module
 */

/** The byte that ends a line. */
export const NEWLINE = 0x0a;

/** Longer lines are cut: a program that never writes a newline must not fill the memory. */
export const MAX_LINE_BYTES = 65_536;

const CARRIAGE_RETURN = 0x0d;

/**
 * Assembles lines from blocks of bytes. A block may end anywhere, even in a character.
 */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  #kept: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** Bytes of the unfinished line, including those that were cut. */
  #length = 0;

  /** Bytes after the last newline. */
  get pendingBytes(): number {
    return this.#length;
  }

  /**
   * Adds the next bytes.
   *
   * @param block The bytes; copied if they are kept.
   * @returns The lines that are complete now, without line ends.
   */
  push(block: Uint8Array): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let at = block.indexOf(NEWLINE); at >= 0; at = block.indexOf(NEWLINE, start)) {
      const bytes = block.subarray(start, at);
      if (this.#length === 0 && bytes.length <= MAX_LINE_BYTES) lines.push(this.#decode(bytes));
      else {
        this.#keep(bytes);
        lines.push(this.takePending());
      }
      start = at + 1;
    }
    this.#keep(block.subarray(start));
    return lines;
  }

  /** Removes the unfinished line and returns it. */
  takePending(): string {
    const left = this.#length - this.#kept.length;
    const text = left === 0
      ? this.#decode(this.#kept)
      : `${this.#decoder.decode(this.#kept)} … (${left} more bytes)`;
    this.#kept = new Uint8Array(0);
    this.#length = 0;
    return text;
  }

  #decode(line: Uint8Array): string {
    return this.#decoder.decode(line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line);
  }

  #keep(bytes: Uint8Array): void {
    this.#length += bytes.length;
    const room = MAX_LINE_BYTES - this.#kept.length;
    if (bytes.length === 0 || room === 0) return;
    const added = bytes.subarray(0, room);
    const joined = new Uint8Array(this.#kept.length + added.length);
    joined.set(this.#kept);
    joined.set(added, this.#kept.length);
    this.#kept = joined;
  }
}
