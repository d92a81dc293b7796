/**
 * Waits for changes of files.
 *
 * @module
 */

import { basename, dirname } from "../platform/path.ts";

/**
 * Interval of checks without a report by the system: it does not report changes made over a network,
 * and Windows reports changes of an open file only when the file is closed.
 */
const RECHECK_MS = 1_000;

/** Watches files for changes. Neither they nor their folders need to exist. */
export class FileChanges implements Disposable {
  readonly #paths: readonly string[];
  readonly #folders: readonly string[];
  /** By file name: the system may report a path with another folder than the watched one. */
  readonly #named: ReadonlyMap<string, readonly string[]>;
  readonly #signal: AbortSignal;
  readonly #changed = new Set<string>();
  /** One for all folders: the number of watchers of a user is limited. */
  #watcher: Deno.FsWatcher | null = null;
  /** Watched folders by path, with an identity that changes if a folder is replaced. */
  #watched: ReadonlyMap<string, string> = new Map();
  /** Whether the folders to watch may be others by now: one was created, removed or replaced. */
  #stale = true;
  #recheckAt = performance.now() + RECHECK_MS;
  #wake: (() => void) | null = null;

  /**
   * @param paths The files.
   * @param signal Ends all waits.
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
   * Waits until files may have changed since the last call, or the signal fires. Returns at least every
   * second, even if nothing has changed.
   *
   * @returns The files that may have changed.
   */
  async next(): Promise<readonly string[]> {
    // Changes made before a folder was watched were not reported.
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

  /** Watches the folders of the files or their nearest parents. Returns whether these have changed. */
  #watch(): boolean {
    const folders = new Map(this.#folders.map(nearestFolder).filter((found) => found !== null));
    // A folder may have been created before its parent was watched: the next call checks again.
    this.#stale = folders.size !== this.#watched.size ||
      [...folders].some(([path, identity]) => this.#watched.get(path) !== identity);
    if (!this.#stale) return false;
    this.#watcher?.close();
    this.#watcher = null;
    this.#watched = folders;
    try {
      if (folders.size > 0) this.#watcher = Deno.watchFs([...folders.keys()], { recursive: false });
    } catch {
      // The limit is reached, or this file system has no watches: the periodic checks remain.
    }
    if (this.#watcher !== null) this.#listen(this.#watcher);
    return true;
  }

  async #listen(watcher: Deno.FsWatcher): Promise<void> {
    try {
      for await (const { paths } of watcher) for (const path of paths) this.#notice(path);
    } catch {
      // The watcher failed: the periodic checks remain.
    }
  }
}

function nearestFolder(path: string): [path: string, identity: string] | null {
  for (let folder = path;; folder = dirname(folder)) {
    try {
      const identity = Deno.statSync(folder).isDirectory ? fileIdentity(folder) : null;
      if (identity !== null) return [folder, identity];
    } catch {
      // Missing or not accessible: its parent is watched for that to change.
    }
    if (dirname(folder) === folder) return null;
  }
}

/**
 * Identifies the file or folder at a path. The identity changes when the path leads to another one.
 *
 * @param path The path.
 * @returns Text that is equal for the same file; null if there is none, or it cannot be looked at.
 */
export function fileIdentity(path: string): string | null {
  try {
    const { dev, ino, birthtime } = Deno.statSync(path);
    // File systems reuse inode numbers, so the time of creation is part of the identity.
    return `${dev} ${ino} ${birthtime?.getTime()}`;
  } catch {
    return null;
  }
}
