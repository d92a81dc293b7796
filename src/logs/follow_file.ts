/**
 * The lines of a log as they are written.
 *
 * @module
 */

import { HaleError, messageOf } from "../errors.ts";
import { FileChanges } from "./file_changes.ts";
import { LineSplitter } from "./line_splitter.ts";

/** Where to begin, and when to end. */
export interface FollowFileOptions {
  /** Byte of the file to begin at. Where the file is shorter, it begins at its start. @default 0 */
  readonly from?: number;
  /** Ends the iteration, quietly. */
  readonly signal: AbortSignal;
}

/**
 * Yields the lines of a file, those that are there first and then every one that is appended, until
 * the signal ends it. It waits for the system's word of a change and does not poll.
 *
 * The file may be missing at first. It may be truncated, as a rotation does that copies it: it is
 * read on from its start. It may be replaced by another file of its name: the old one is read to its
 * end first. A line is yielded once it is whole; one above 64 KiB is cut and says so.
 *
 * @param path The file.
 * @param options Where to begin, and when to end.
 * @returns The lines, without their ends.
 * @throws {HaleError} `store_io` If the file cannot be read.
 *
 * @example
 * ```ts
 * import { followFile } from "./follow_file.ts";
 * const signal = AbortSignal.timeout(100);
 * for await (const line of followFile("/var/log/syslog", { signal })) console.log(line);
 * ```
 */
export async function* followFile(
  path: string,
  options: FollowFileOptions,
): AsyncGenerator<string> {
  const { from = 0, signal } = options;
  using changes = new FileChanges(path, signal);
  using followed = new FollowedFile(path, from);
  try {
    while (!signal.aborted) {
      for await (const lines of followed.newLines()) {
        for (const line of lines) {
          if (signal.aborted) return;
          yield line;
        }
      }
      await changes.next();
    }
  } catch (error) {
    throw new HaleError(
      "store_io",
      `Could not follow the log at ${path}: ${messageOf(error)}. Check who owns it and its mode.`,
      { fields: { operation: "follow the log", path }, cause: error },
    );
  }
}

const BLOCK_BYTES = 65_536;

class FollowedFile implements Disposable {
  readonly #path: string;
  readonly #block = new Uint8Array(BLOCK_BYTES);
  readonly #splitter = new LineSplitter();
  #file: Deno.FsFile | null = null;
  #position: number;

  constructor(path: string, position: number) {
    this.#path = path;
    this.#position = position;
  }

  /** The lines that became whole since the last call, in batches. */
  async *newLines(): AsyncGenerator<readonly string[]> {
    this.#file ??= openIfThere(this.#path);
    while (this.#file !== null) {
      // Asked before the read: what is written into the old file until then still comes first.
      const replaced = this.#isReplaced(this.#file);
      yield* this.#readOn(this.#file);
      if (!replaced) return;
      if (this.#splitter.pendingBytes > 0) yield [this.#splitter.takePending()];
      this.#file.close();
      this.#position = 0;
      this.#file = openIfThere(this.#path);
    }
  }

  [Symbol.dispose](): void {
    this.#file?.close();
  }

  async *#readOn(file: Deno.FsFile): AsyncGenerator<readonly string[]> {
    // A rotation that copies and truncates may cut a line in two: what is pending of it stays.
    if (file.statSync().size < this.#position) this.#position = 0;
    file.seekSync(this.#position, Deno.SeekMode.Start);
    for (;;) {
      const read = await file.read(this.#block);
      if (read === null) return;
      this.#position += read;
      yield this.#splitter.push(this.#block.subarray(0, read));
    }
  }

  /** Whether another file has its name by now. One that was only removed is read on. */
  #isReplaced(file: Deno.FsFile): boolean {
    try {
      const [here, there] = [file.statSync(), Deno.statSync(this.#path)];
      return here.ino !== there.ino || here.dev !== there.dev;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }
}

function openIfThere(path: string): Deno.FsFile | null {
  try {
    return Deno.openSync(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
