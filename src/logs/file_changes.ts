/**
 * Waiting for something to happen to a file.
 *
 * @module
 */

import { dirname } from "../platform/path.ts";

/**
 * Looked at again after this time even if the system reported nothing: it does not report changes
 * made over a network, and Windows reports those to an open file only when it is closed.
 */
const RECHECK_MS = 1_000;

/** Tells when a file may have changed. The file need not exist, nor the folders above it. */
export class FileChanges implements Disposable {
  readonly #folder: string;
  readonly #signal: AbortSignal;
  #watcher: Deno.FsWatcher | null = null;
  #watched: string | null = null;
  #changed = false;
  #wake: (() => void) | null = null;

  /**
   * @param path The file.
   * @param signal Ends every wait.
   */
  constructor(path: string, signal: AbortSignal) {
    this.#folder = dirname(path);
    this.#signal = signal;
    signal.addEventListener("abort", this.#notice);
    this.#watch();
  }

  /**
   * Waits until the file may have changed since the last call, or the signal ends the wait. Also
   * returns now and then when nothing has changed.
   */
  async next(): Promise<void> {
    // Before the wait: a folder may have come where the file will be, or the watched one be gone.
    if (this.#watch()) return;
    if (!this.#changed && !this.#signal.aborted) {
      const woken = Promise.withResolvers<void>();
      this.#wake = woken.resolve;
      const timer = setTimeout(woken.resolve, RECHECK_MS);
      await woken.promise;
      clearTimeout(timer);
      this.#wake = null;
    }
    this.#changed = false;
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener("abort", this.#notice);
    this.#close();
  }

  readonly #notice = () => {
    this.#changed = true;
    this.#wake?.();
  };

  /** Watches the folder of the file, or the nearest one above it. Returns whether that is a new one. */
  #watch(): boolean {
    const folder = nearestFolder(this.#folder);
    if (folder === this.#watched) return false;
    this.#close();
    this.#watched = folder;
    if (folder === null) return false;
    try {
      this.#watcher = Deno.watchFs(folder, { recursive: false });
    } catch {
      return false; // No watches left, or none on this file system: looking again has to do.
    }
    this.#listen(this.#watcher);
    return true;
  }

  async #listen(watcher: Deno.FsWatcher): Promise<void> {
    try {
      for await (const _event of watcher) this.#notice();
    } catch {
      // The watch ended by itself; looking again has to do.
    }
  }

  #close(): void {
    this.#watcher?.close();
    this.#watcher = null;
  }
}

function nearestFolder(path: string): string | null {
  for (let folder = path;; folder = dirname(folder)) {
    try {
      if (Deno.statSync(folder).isDirectory) return folder;
    } catch {
      // Not there, or not for us to see: the one above it tells when that changes.
    }
    if (dirname(folder) === folder) return null;
  }
}
