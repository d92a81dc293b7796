import { regularFile } from "../../files/regular_file.ts";
import type { LinePattern } from "../../text/line_pattern.ts";
import { stripAnsi } from "../../text/strip_ansi.ts";
import type { ProbeLaunch } from "../types.ts";

/** How much of each output is searched. Programs report readiness early. */
const MAX_SCANNED_BYTES = 1024 * 1024;
/** How much is read and matched at once: other services are served in between. */
const CHUNK_BYTES = 16 * 1024;
/** Only this much of a line is matched if it is written in parts: the parts are matched repeatedly. */
const MAX_LINE_CHARACTERS = 4 * 1024;

/** A search for a line in the output of a launch, which goes on where it has stopped. */
export class LogSearch {
  readonly #pattern: LinePattern;
  readonly #outputs: readonly Output[];

  constructor(launch: ProbeLaunch, pattern: LinePattern) {
    this.#pattern = pattern;
    this.#outputs = [
      new Output(launch.stdoutPath, launch.stdoutOffset),
      new Output(launch.stderrPath, launch.stderrOffset),
    ];
  }

  /**
   * Searches what was written since the last call.
   *
   * Escape sequences are removed first: with colours, `ready in 129 ms` is written as
   * `ESC[2mready in ESC[0mESC[1m129ESC[22m ms`.
   *
   * @param signal Ends the search early; the call rejects with its reason.
   * @returns Whether a line matches.
   */
  async run(signal?: AbortSignal): Promise<boolean> {
    for (const output of this.#outputs) {
      for await (const text of output.read()) {
        signal?.throwIfAborted();
        if (this.#pattern.test(stripAnsi(text))) return true;
      }
    }
    return false;
  }
}

/** One log of a launch, read from where the last read has ended. */
class Output {
  readonly #path: string;
  readonly #endAt: number;
  readonly #decoder = new TextDecoder();
  #at: number;
  /** The last line, if it is not complete: at most its first part. */
  #rest = "";

  constructor(path: string, offset: number) {
    this.#path = path;
    this.#at = offset;
    this.#endAt = offset + MAX_SCANNED_BYTES;
  }

  /** Yields new lines, and at last the line that is not complete. */
  async *read(): AsyncGenerator<string> {
    using file = await open(this.#path);
    if (file === null) return;
    await file.seek(this.#at, Deno.SeekMode.Start);
    const buffer = new Uint8Array(CHUNK_BYTES);
    while (this.#at < this.#endAt) {
      const size = await file.read(buffer.subarray(0, this.#endAt - this.#at));
      if (size === null) break;
      this.#at += size;
      yield this.#linesOf(this.#decoder.decode(buffer.subarray(0, size), { stream: true }));
    }
    yield this.#rest;
  }

  #linesOf(added: string): string {
    const end = added.lastIndexOf("\n") + 1;
    const lines = end === 0 ? "" : this.#rest + added.slice(0, end);
    const rest = end === 0 ? this.#rest + added : added.slice(end);
    this.#rest = rest.slice(0, MAX_LINE_CHARACTERS);
    return lines;
  }
}

async function open(path: string): Promise<Deno.FsFile | null> {
  try {
    return await Deno.open(regularFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
