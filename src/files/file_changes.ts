/**
 * Waiting for something to happen to some files.
 *
 * @module
 */

import { basename, dirname } from "../platform/path.ts";

/**
 * Looked at again after this time even if the system reported nothing: it does not report changes
 * made over a network, and Windows reports those to an open file only when it is closed.
 */
const RECHECK_MS = 1_000;

/** Tells when files may have changed. They need not exist, nor the folders above them. */
export class FileChanges implements Disposable {
  readonly #paths: readonly string[];
  readonly #folders: readonly string[];
  /** By name: the system may report a path through another folder than the one it was given. */
  readonly #named: ReadonlyMap<string, readonly string[]>;
  readonly #signal: AbortSignal;
  readonly #changed = new Set<string>();
  /** One for all folders: a system has few of them to give away. */
  #watcher: Deno.FsWatcher | null = null;
  /** By path, with what tells a folder from another that came in its place. */
  #watched: ReadonlyMap<string, string> = new Map();
  /** Whether a folder may have come where a file will be, or a watched one be gone. */
  #stale = true;
  #recheckAt = performance.now() + RECHECK_MS;
  #wake: (() => void) | null = null;

  /**
   * @param paths The files.
   * @param signal Ends every wait.
   */
  constructor(paths: readonly string[], signal: AbortSignal) {
    this.#paths = paths;
    this.#folders = [...new Set(paths.map(dirname))];
    this.#named = Map.groupBy(paths, (path) => basename(path));
    this.#signal = signal;
    signal.addEventListener("abort", this.#noticeAll);
    this.#watch();
  }

  /**
   * Waits until files may have changed since the last call, or the signal ends the wait. Also
   * returns now and then when nothing has changed.
   *
   * @returns Those that may have changed.
   */
  async next(): Promise<readonly string[]> {
    // What came before the watch of its folder began has to be looked for.
    if (this.#stale && this.#watch()) this.#noticeAll();
    const leftMs = this.#recheckAt - performance.now();
    if (this.#changed.size === 0 && !this.#signal.aborted && leftMs > 0) {
      const woken = Promise.withResolvers<void>();
      this.#wake = woken.resolve;
      const timer = setTimeout(woken.resolve, leftMs);
      await woken.promise;
      clearTimeout(timer);
      this.#wake = null;
    }
    if (performance.now() >= this.#recheckAt) {
      this.#recheckAt = performance.now() + RECHECK_MS;
      this.#stale = true;
      this.#noticeAll();
    }
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener("abort", this.#noticeAll);
    this.#watcher?.close();
  }

  readonly #noticeAll = () => {
    for (const path of this.#paths) this.#changed.add(path);
    this.#wake?.();
  };

  #notice(path: string): void {
    const named = this.#named.get(basename(path));
    if (named === undefined) this.#stale = true;
    else if (named.includes(path)) this.#changed.add(path);
    else for (const each of named) this.#changed.add(each);
    this.#wake?.();
  }

  /** Watches the folders of the files, or the nearest ones above. Returns whether those are others. */
  #watch(): boolean {
    const folders = new Map(this.#folders.map(nearestFolder).filter((found) => found !== null));
    // A new watch may have come too late for what is below it: the next call looks once more.
    this.#stale = folders.size !== this.#watched.size ||
      [...folders].some(([path, identity]) => this.#watched.get(path) !== identity);
    if (!this.#stale) return false;
    this.#watcher?.close();
    this.#watcher = null;
    this.#watched = folders;
    try {
      if (folders.size > 0) this.#watcher = Deno.watchFs([...folders.keys()], { recursive: false });
    } catch {
      // No watches left, or none on this file system: looking again has to do.
    }
    if (this.#watcher !== null) this.#listen(this.#watcher);
    return true;
  }

  async #listen(watcher: Deno.FsWatcher): Promise<void> {
    try {
      for await (const { paths } of watcher) for (const path of paths) this.#notice(path);
    } catch {
      // The watch ended by itself; looking again has to do.
    }
  }
}

function nearestFolder(path: string): [path: string, identity: string] | null {
  for (let folder = path;; folder = dirname(folder)) {
    try {
      const { isDirectory, dev, ino, birthtime } = Deno.statSync(folder);
      // A file system gives the number of what is gone away again.
      if (isDirectory) return [folder, `${dev} ${ino} ${birthtime?.getTime()}`];
    } catch {
      // Not there, or not for us to see: the one above it tells when that changes.
    }
    if (dirname(folder) === folder) return null;
  }
}
