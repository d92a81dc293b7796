/** Watches the files of a home, so that a kill hits a moment between two writes. */
export class HomeWatch implements Disposable {
  readonly #watcher: Deno.FsWatcher;
  #waiting: { pattern: RegExp; found: () => void } | null = null;

  /** @param home Absolute path of the home. It exists. */
  constructor(home: string) {
    this.#watcher = Deno.watchFs(home, { recursive: true });
    this.#read();
  }

  /**
   * Waits until a file changes.
   *
   * @param pattern For its path.
   * @param timeoutMs Longest wait, in milliseconds.
   * @returns Whether one has changed.
   */
  async next(pattern: RegExp, timeoutMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), timeoutMs);
    this.#waiting = { pattern, found: () => resolve(true) };
    const found = await promise;
    this.#waiting = null;
    clearTimeout(timer);
    return found;
  }

  async #read(): Promise<void> {
    for await (const { paths } of this.#watcher) {
      if (paths.some((path) => this.#waiting?.pattern.test(path))) this.#waiting?.found();
    }
  }

  [Symbol.dispose](): void {
    this.#watcher.close();
  }
}
