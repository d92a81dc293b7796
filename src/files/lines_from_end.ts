import { concat } from "@std/bytes/concat";
import { readRange } from "./read_from.ts";
import { NEWLINE } from "./line_splitter.ts";

/** One line of a file. */
export interface FileLine {
  /** Without line end. */
  readonly text: string;
  /** The line as bytes. */
  readonly bytes: Uint8Array;
  /** Offset of its first byte. */
  readonly start: number;
  /** Whether it has a line end. False only for bytes after the last newline. */
  readonly ended: boolean;
}

const BLOCK_BYTES = 65_536;

/**
 * Reads the lines of a file backwards, last line first. Reads only as much as the caller consumes.
 *
 * @param file The file, open for reading. Its position is moved.
 */
export function* linesFromEnd(file: Deno.FsFile): Generator<FileLine> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let start = file.statSync().size;
  /** From `start` to the end of the current line. */
  let bytes = new Uint8Array();
  let ended = false;
  for (;;) {
    const newline = bytes.lastIndexOf(NEWLINE);
    if (newline === -1 && start > 0) {
      const block = readRange(file, Math.max(0, start - BLOCK_BYTES), start);
      start = Math.max(0, start - BLOCK_BYTES);
      bytes = concat([block, bytes]);
      continue;
    }
    const line = bytes.subarray(newline + 1);
    if (ended || line.length > 0) {
      yield { text: decoder.decode(line), bytes: line, start: start + newline + 1, ended };
    }
    if (newline === -1) return;
    bytes = bytes.subarray(0, newline);
    ended = true;
  }
}
