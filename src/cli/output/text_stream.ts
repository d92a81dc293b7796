import { HaleError, messageOf } from "../../errors.ts";
import { type Color, createColor } from "./color.ts";
import { programLine, toTerminal, verbatim } from "./terminal_text.ts";
import type { AsyncTarget, WriteQueue } from "./write_queue.ts";

/** The target of a stream: `Deno.stdout`, `Deno.stderr`, an open file. */
export interface TextTarget extends Partial<AsyncTarget> {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

/** The reader of the stream has closed it, as in `hale logs api | head`. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

/** Standard output or standard error, for text. */
export class TextStream {
  readonly isTerminal: boolean;
  readonly hasColors: boolean;
  /** Styles texts if the stream has colors. */
  readonly color: Color;
  readonly #target: TextTarget;
  readonly #queue: WriteQueue | null;
  readonly #encoder = new TextEncoder();
  /** Why a write in the background failed. */
  #failure: Error | null = null;

  /**
   * @param target Where to write.
   * @param hasColors Whether it has colors.
   * @param options `queue`: writes in the background, unless the target is a terminal, which pauses only
   * while its user wants that. @default null
   */
  constructor(
    target: TextTarget,
    hasColors: boolean,
    { queue = null }: { readonly queue?: WriteQueue | null } = {},
  ) {
    this.#target = target;
    this.isTerminal = target.isTerminal();
    this.#queue = this.isTerminal || target.write === undefined ? null : queue;
    this.hasColors = hasColors;
    this.color = createColor(hasColors);
  }

  /** Width of the terminal in columns; 80 if the stream is not a terminal. */
  get columns(): number {
    return this.#size.columns;
  }

  /** Height of the terminal in rows; 24 if the stream is not a terminal. */
  get rows(): number {
    return this.#size.rows;
  }

  get #size(): { readonly columns: number; readonly rows: number } {
    if (!this.isTerminal) return DEFAULT_SIZE;
    try {
      return Deno.consoleSize();
    } catch {
      return DEFAULT_SIZE;
    }
  }

  /**
   * Writes a text completely. Control characters are escaped, except those of hale itself. With a queue
   * it is written in the background: {@linkcode TextStream.drained} waits for that.
   *
   * @param text The text, with the sequences of `control()`.
   * @throws {ReaderGone} If the reader has closed the stream.
   * @throws {HaleError} `output_failed` If the write fails, for example on a full disk.
   */
  write(text: string): void {
    if (this.#failure !== null) throw this.#failure;
    let bytes = this.#encoder.encode(toTerminal(text));
    if (this.#queue !== null) {
      this.#queue.write(this.#target as AsyncTarget, bytes).catch((error) => {
        this.#failure ??= outputError(error);
      });
      return;
    }
    while (bytes.length > 0) bytes = bytes.subarray(this.#writeSome(bytes));
  }

  /**
   * Waits until everything is written.
   *
   * @param signal Ends the wait.
   * @throws {ReaderGone} If the reader has closed the stream.
   * @throws {HaleError} `output_failed` If a write failed.
   */
  async drained(signal?: AbortSignal): Promise<void> {
    if (this.#queue === null) return;
    const aborted = Promise.withResolvers<void>();
    const abort = () => aborted.resolve();
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    await Promise.race([this.#queue.drained, aborted.promise]);
    signal?.removeEventListener("abort", abort);
    if (this.#failure !== null) throw this.#failure;
  }

  /**
   * Prepares a line that a program wrote: exact for a file or a pipe, safe for a terminal.
   *
   * @param line The line, without its line end.
   * @returns The line, to be written as a part of a text.
   */
  programLine(line: string): string {
    return this.isTerminal ? programLine(line, { colors: this.hasColors }) : verbatim(line);
  }

  /**
   * Prepares a value that programs read: exact for a file or a pipe, safe for a terminal.
   *
   * @param value The value, such as a path.
   * @returns The value, to be written as a part of a text.
   */
  value(value: string): string {
    return this.isTerminal ? value : verbatim(value);
  }

  #writeSome(bytes: Uint8Array): number {
    try {
      return this.#target.writeSync(bytes);
    } catch (error) {
      // Another process sharing the pipe may have made it non-blocking: it is full, not broken.
      if (error instanceof Deno.errors.WouldBlock) {
        Atomics.wait(PAUSE, 0, 0, FULL_PIPE_PAUSE_MS);
        return 0;
      }
      throw outputError(error);
    }
  }
}

function outputError(error: unknown): Error {
  return error instanceof Deno.errors.BrokenPipe
    ? new ReaderGone("the reader has closed the output", { cause: error })
    : new HaleError(
      "output_failed",
      `Could not write the output: ${messageOf(error)}. Redirect it to another file or device.`,
      { cause: error },
    );
}

/** The size of a VT100. */
const DEFAULT_SIZE = { columns: 80, rows: 24 };
const FULL_PIPE_PAUSE_MS = 2;
const PAUSE = new Int32Array(new SharedArrayBuffer(4));
