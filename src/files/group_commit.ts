/**
 * One sync for everybody who waits for it.
 *
 * @module
 */

/**
 * Runs a slow operation for many callers: those who ask while it runs share the next run.
 *
 * @example
 * ```ts
 * import { GroupCommit } from "./group_commit.ts";
 * let runs = 0;
 * const sync = new GroupCommit(() => Promise.resolve(void runs++));
 * await Promise.all([sync.request(), sync.request(), sync.request()]);
 * console.log(runs); // 1
 * ```
 */
export class GroupCommit {
  readonly #sync: () => Promise<void>;
  #next: PromiseWithResolvers<void> | null = null;
  #running = false;

  /** @param sync The operation. It must cover everything that was done before it was called. */
  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /**
   * Asks for a run.
   *
   * @returns Settles as the first run that begins after this call does. Nobody has to look at it: a
   * failure that is left alone does not end the program.
   */
  request(): Promise<void> {
    if (this.#next === null) {
      this.#next = Promise.withResolvers<void>();
      this.#next.promise.catch(() => {});
    }
    const { promise } = this.#next;
    if (!this.#running) {
      this.#running = true;
      // Later, so that those who ask in the same turn share the run.
      queueMicrotask(() => this.#runAll());
    }
    return promise;
  }

  async #runAll(): Promise<void> {
    while (this.#next !== null) {
      const batch = this.#next;
      this.#next = null;
      try {
        await this.#sync();
        batch.resolve();
      } catch (error) {
        batch.reject(error);
      }
    }
    this.#running = false;
  }
}
