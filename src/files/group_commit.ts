/**
 * One sync for all callers that wait for it.
 *
 * @module
 */

/**
 * Runs a slow operation for many callers: all requests made during a run share the next run.
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

  /** @param sync The operation. It must cover everything done before it is called. */
  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /**
   * Requests a run.
   *
   * @returns Settles with the first run that begins after this call. It may be ignored: its rejection is
   * never reported as unhandled.
   */
  request(): Promise<void> {
    if (this.#next === null) {
      this.#next = Promise.withResolvers<void>();
      this.#next.promise.catch(() => {});
    }
    const { promise } = this.#next;
    if (!this.#running) {
      this.#running = true;
      // Deferred, so that requests of the same event loop turn share the run.
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
