import { HaleError, messageOf } from "../../errors.ts";
import type { Color } from "./color.ts";

/** Where a stream's bytes go: `Deno.stdout`, `Deno.stderr`, an open file. */
export interface TextTarget {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

/** Nobody reads the stream any more, as after `hale logs engine | head`. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

/** Standard output or standard error, for text. */
export class TextStream {
  /** Whether a person looks at it. */
  readonly isTerminal: boolean;
  /** Paints where the stream has colours. */
  readonly color: Color;
  readonly #target: TextTarget;
  readonly #encoder = new TextEncoder();

  constructor(target: TextTarget, color: Color) {
    this.#target = target;
    this.isTerminal = target.isTerminal();
    this.color = color;
  }

  /** Width of the terminal in columns; 80 where there is none. */
  get columns(): number {
    if (!this.isTerminal) return 80;
    try {
      return Deno.consoleSize().columns;
    } catch {
      return 80;
    }
  }

  /**
   * Writes a text, all of it.
   *
   * @param text What to write, as it is.
   * @throws {ReaderGone} If nobody reads the stream any more.
   * @throws {HaleError} `output_failed` If it cannot be written, as on a full disk.
   */
  write(text: string): void {
    let bytes = this.#encoder.encode(text);
    while (bytes.length > 0) bytes = bytes.subarray(this.#writeSome(bytes));
  }

  #writeSome(bytes: Uint8Array): number {
    try {
      return this.#target.writeSync(bytes);
    } catch (error) {
      // A pipe may have been made non-blocking by its other owner: it is full, not broken.
      if (error instanceof Deno.errors.WouldBlock) {
        Atomics.wait(PAUSE, 0, 0, FULL_PIPE_PAUSE_MS);
        return 0;
      }
      if (error instanceof Deno.errors.BrokenPipe) {
        throw new ReaderGone("nobody reads the output", { cause: error });
      }
      throw new HaleError(
        "output_failed",
        `Could not write the output: ${messageOf(error)}. Write it to another place.`,
        { cause: error },
      );
    }
  }
}

const FULL_PIPE_PAUSE_MS = 2;
const PAUSE = new Int32Array(new SharedArrayBuffer(4));
