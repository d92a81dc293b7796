/**
 * Read access to the index of a log.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import { indexPath, inspectFile } from "./log_files.ts";
import { type LogIndex, parseIndex, parseLayout } from "./log_index.ts";
import { type CurrentLayout, layoutOfFiles, type LayoutSource } from "./log_layout.ts";
import { ifThere } from "../../files/if_there.ts";

/**
 * Longest wait for the end of a move. It takes one or two milliseconds; on a starved machine, where each
 * step waits for a processor, it took more than 100 (8 of 198 followers then showed lines twice or left
 * some out). A supervisor that was killed never ends it. A signal ends a command within a second.
 */
const PATIENCE_MS = 900;

/** A {@linkcode LayoutSource} that reads the layout from the index file. */
export class IndexFile implements LayoutSource {
  readonly #path: string;
  #known: CurrentLayout | null = null;

  /** @param path The log. */
  constructor(path: string) {
    this.#path = path;
  }

  current(): CurrentLayout {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const version = this.#version();
      if (version === this.#known?.version) return this.#known;
      const { layout, move } = parseLayout(readIfThere(indexPath(this.#path)));
      if (move !== null && performance.now() < deadline) {
        Atomics.wait(PAUSE, 0, 0, 1);
        continue;
      }
      this.#known = { layout: layout ?? layoutOfFiles(this.#path), version, move };
      return this.#known;
    }
  }

  #version(): string {
    const file = inspectFile(indexPath(this.#path));
    return file === null ? "none" : `${file.inode} ${file.size} ${file.writtenAt}`;
  }
}

/**
 * Reads the whole index of a log.
 *
 * @param path The log.
 * @returns Its content; empty if there is no index.
 */
export function readIndex(path: string): LogIndex {
  return parseIndex(readIfThere(indexPath(path)));
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));

function readIfThere(path: string): string {
  return ifThere(() => Deno.readTextFileSync(regularFile(path))) ?? "";
}
