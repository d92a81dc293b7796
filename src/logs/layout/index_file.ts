/**
 * The index of a log for those who only read it.
 *
 * @module
 */

import { indexPath, inspectFile } from "./log_files.ts";
import { type LogIndex, type LogLayout, parseIndex, parseLayout } from "./log_index.ts";
import { layoutOfFiles, type LayoutSource } from "./log_layout.ts";
import { ifThere } from "../../files/if_there.ts";

/** Files are moved within a millisecond or two; a supervisor that was killed meanwhile says no more. */
const PATIENCE_MS = 100;

/** Tells by the index how a log is spread over its files. */
export class IndexFile implements LayoutSource {
  readonly #path: string;
  #known: { readonly layout: LogLayout; readonly version: string } | null = null;

  /** @param path The log. */
  constructor(path: string) {
    this.#path = path;
  }

  look(): { readonly layout: LogLayout; readonly version: string } {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const version = this.#version();
      if (version === this.#known?.version) return this.#known;
      const { layout, move } = parseLayout(readIfThere(indexPath(this.#path)));
      if (move !== null && performance.now() < deadline) {
        Atomics.wait(PAUSE, 0, 0, 1);
        continue;
      }
      this.#known = { layout: layout ?? layoutOfFiles(this.#path), version };
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
 * @returns What it says; nothing where there is none.
 */
export function readIndex(path: string): LogIndex {
  return parseIndex(readIfThere(indexPath(path)));
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));

function readIfThere(path: string): string {
  return ifThere(() => Deno.readTextFileSync(path)) ?? "";
}
