/**
 * Bytes of a log as lines for people.
 *
 * @module
 */

import { NEWLINE } from "./newline.ts";

/** Longer lines are cut for display: a program that never ends a line must not fill the memory. */
export const MAX_LINE_BYTES = 65_536;

const CARRIAGE_RETURN = 0x0d;

/**
 * Assembles lines from blocks of bytes. A block may end anywhere, even within a character.
 */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  #kept: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** Bytes of the unfinished line, those included that were not kept. */
  #length = 0;

  /** Bytes that came after the last newline. */
  get pendingBytes(): number {
    return this.#length;
  }

  /**
   * Takes the next bytes.
   *
   * @param block Copied where it is kept.
   * @returns The lines that they end, without their ends.
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

  /** The line that has no end yet, which is then forgotten. */
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
