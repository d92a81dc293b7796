/**
 * The output of a command: results on standard output, messages on standard error.
 *
 * @module
 */

import { wantsColor } from "./color.ts";
import { printableJson } from "../../text/printable.ts";
import { TextStream, type TextTarget } from "./text_stream.ts";
import { WriteQueue } from "./write_queue.ts";

/** Verbosity and colors. */
export interface OutputOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly noColor: boolean;
}

/** The streams and the environment of an {@linkcode Output}. */
export interface OutputSystem {
  readonly stdout: TextTarget;
  readonly stderr: TextTarget;
  readonly env: { get(name: string): string | undefined };
  /**
   * For streams that are no terminals. Both share it, because both may be the same pipe or file and their
   * order counts. @default null: they are written to at once
   */
  readonly queue?: WriteQueue | null;
}

/** The two output streams of a command. */
export class Output {
  /** For results. Has colors independently of {@linkcode Output.stderr}. */
  readonly stdout: TextStream;
  /** For messages. */
  readonly stderr: TextStream;
  /** Whether to write only results, warnings and errors. */
  readonly quiet: boolean;
  readonly #verbose: boolean;

  /**
   * @param options The flags of the command line.
   * @param system The streams and the environment. @default those of this process
   */
  constructor(options: OutputOptions, system: OutputSystem = ofThisProcess()) {
    const stream = (target: TextTarget) =>
      new TextStream(
        target,
        wantsColor({
          noColor: options.noColor,
          isTerminal: target.isTerminal(),
          env: system.env,
        }),
        { queue: system.queue ?? null },
      );
    this.stdout = stream(system.stdout);
    this.stderr = stream(system.stderr);
    this.quiet = options.quiet;
    this.#verbose = options.verbose;
  }

  /**
   * Writes a result to standard output.
   *
   * @param text The lines; a missing line end is added.
   * @throws {ReaderGone} If standard output was closed by its reader. Let it end the command.
   */
  result(text: string): void {
    this.stdout.write(withLineEnd(text));
  }

  /**
   * Writes the only result of a command as indented JSON.
   *
   * @param value Any JSON value.
   * @throws {ReaderGone} If standard output was closed by its reader. Let it end the command.
   */
  json(value: unknown): void {
    this.stdout.write(printableJson(value, 2) + "\n");
  }

  /**
   * Writes one of many results as JSON on one line.
   *
   * @param value Any JSON value.
   * @throws {ReaderGone} If standard output was closed by its reader. Let it end the command.
   */
  jsonLine(value: unknown): void {
    this.stdout.write(printableJson(value) + "\n");
  }

  /**
   * Waits until all results are written. What follows something that grows waits for it after each part, so
   * that a slow reader does not fill the memory.
   *
   * @param signal Ends the wait.
   * @throws {ReaderGone} If standard output was closed by its reader. Let it end the command.
   */
  async drained(signal?: AbortSignal): Promise<void> {
    await this.stdout.drained(signal);
  }

  /**
   * Waits until everything is written or cannot be written.
   *
   * @param signal Ends the wait.
   */
  async flushed(signal: AbortSignal): Promise<void> {
    await Promise.allSettled([this.stdout.drained(signal), this.stderr.drained(signal)]);
  }

  /** Writes a message; with `-q` nothing. */
  note(text: string): void {
    if (!this.quiet) this.message(text);
  }

  /** Writes a warning, with `-q` too. */
  warn(text: string): void {
    this.message(`${this.stderr.color("yellow", "warning:")} ${text}`);
  }

  /** Writes a detail, only with `-v`. */
  detail(text: string): void {
    if (this.#verbose) this.message(this.stderr.color("dim", text));
  }

  /** Writes why the command fails. */
  error(text: string): void {
    const { color } = this.stderr;
    this.message(`${color("bold", color("red", "error:"))} ${text}`);
  }

  /**
   * Writes to standard error regardless of the flags.
   *
   * A failed write is ignored: unlike a result, a message is not worth ending the command for.
   *
   * @param text The lines; a missing line end is added.
   */
  message(text: string): void {
    this.draw(withLineEnd(text));
  }

  /** As {@linkcode Output.message}, but without adding a line end: for progress lines. */
  draw(text: string): void {
    try {
      this.stderr.write(text);
    } catch {
      // Standard error is the only place to report it.
    }
  }
}

function ofThisProcess(): OutputSystem {
  const { stdout, stderr, env } = Deno;
  return { stdout, stderr, env, queue: new WriteQueue() };
}

function withLineEnd(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
