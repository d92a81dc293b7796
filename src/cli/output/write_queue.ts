/**
 * Output that does not block the program.
 *
 * @module
 */

import { delay } from "@std/async/delay";

/** A target that can be written to without blocking the program. */
export interface AsyncTarget {
  write(bytes: Uint8Array): Promise<number>;
}

/** Another process sharing the pipe may have made it non-blocking: it is full, not broken. */
const FULL_PIPE_PAUSE_MS = 2;

/**
 * Writes texts in their order, in the background. A write to a pipe that is full waits for its reader. If
 * that blocked the program, no signal could end it, and a supervisor in it would do nothing.
 */
export class WriteQueue {
  #last: Promise<void> = Promise.resolve();

  /**
   * Adds a text.
   *
   * @param target Where to write.
   * @param bytes The text. It must not be changed afterwards.
   * @returns Resolves once it is written; rejects with the system's error.
   */
  write(target: AsyncTarget, bytes: Uint8Array): Promise<void> {
    const written = this.#last.then(() => writeAll(target, bytes));
    this.#last = written.catch(() => {});
    return written;
  }

  /** Resolves once everything that was added is written or has failed. */
  get drained(): Promise<void> {
    return this.#last;
  }
}

async function writeAll(target: AsyncTarget, bytes: Uint8Array): Promise<void> {
  let left = bytes;
  while (left.length > 0) {
    try {
      left = left.subarray(await target.write(left));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      await delay(FULL_PIPE_PAUSE_MS);
    }
  }
}
