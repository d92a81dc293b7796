/**
 * What a command says: results on standard output, everything for people on standard error.
 *
 * @module
 */

import { createColor, wantsColor } from "./color.ts";
import { TextStream, type TextTarget } from "./text_stream.ts";

/** How much is said, and how. */
export interface OutputOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly noColor: boolean;
}

/** The places that an {@linkcode Output} writes to and asks. */
export interface OutputSystem {
  readonly stdout: TextTarget;
  readonly stderr: TextTarget;
  readonly env: { get(name: string): string | undefined };
}

/** The two streams of a command, and what belongs on which. */
export class Output {
  /** For results. Its colours are decided apart from those of {@linkcode Output.stderr}. */
  readonly stdout: TextStream;
  /** For people. */
  readonly stderr: TextStream;
  /** Whether only results, warnings and errors are wanted. */
  readonly quiet: boolean;
  readonly #verbose: boolean;

  /**
   * @param options The flags of the command line.
   * @param system Where to write. @default Deno
   */
  constructor(options: OutputOptions, system: OutputSystem = Deno) {
    const stream = (target: TextTarget) =>
      new TextStream(
        target,
        createColor(wantsColor({
          noColor: options.noColor,
          isTerminal: target.isTerminal(),
          env: system.env,
        })),
      );
    this.stdout = stream(system.stdout);
    this.stderr = stream(system.stderr);
    this.quiet = options.quiet;
    this.#verbose = options.verbose;
  }

  /**
   * A result, for people or for another program.
   *
   * @param text Its lines; a last line end is added where it is missing.
   * @throws {ReaderGone} If nobody reads standard output any more: let it end the command.
   */
  result(text: string): void {
    this.stdout.write(withLineEnd(text));
  }

  /**
   * The one result of a command as JSON.
   *
   * @param value Anything that survives JSON.
   * @throws {ReaderGone} If nobody reads standard output any more: let it end the command.
   */
  json(value: unknown): void {
    this.stdout.write(JSON.stringify(value, null, 2) + "\n");
  }

  /**
   * One of many results as JSON, on a line of its own.
   *
   * @param value Anything that survives JSON.
   * @throws {ReaderGone} If nobody reads standard output any more: let it end the command.
   */
  jsonLine(value: unknown): void {
    this.stdout.write(JSON.stringify(value) + "\n");
  }

  /** A message about what happens. Not with `-q`. */
  note(text: string): void {
    if (!this.quiet) this.message(text);
  }

  /** Something that a person should look at, with `-q` too. */
  warn(text: string): void {
    this.message(`${this.stderr.color("yellow", "warning:")} ${text}`);
  }

  /** A message for those who look closely: only with `-v`. */
  detail(text: string): void {
    if (this.#verbose) this.message(this.stderr.color("dim", text));
  }

  /** Why the command fails. */
  error(text: string): void {
    const { color } = this.stderr;
    this.message(`${color("bold", color("red", "error:"))} ${text}`);
  }

  /**
   * Writes to standard error whatever the flags say.
   *
   * Unlike a result, a message that cannot be written does not end a command: its work is wanted.
   *
   * @param text Its lines; a last line end is added where it is missing.
   */
  message(text: string): void {
    this.draw(withLineEnd(text));
  }

  /** As {@linkcode Output.message}, but the text is written as it is: part of a line, or over one. */
  draw(text: string): void {
    try {
      this.stderr.write(text);
    } catch {
      // There is no other place to say so.
    }
  }
}

function withLineEnd(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
