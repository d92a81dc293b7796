/**
 * Learning of the end of processes that are not our children: one look at the process table for
 * all of them together, and none at all where there are none.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import type { ProcessIdentity } from "../../model/service_state.ts";

const INTERVAL_MS = 1_000;

/** Watches adopted processes. */
export class AdoptedProcessPoller {
  readonly #watched = new Map<ProcessIdentity, () => void>();
  readonly #stillRunning: (
    identities: readonly ProcessIdentity[],
  ) => Promise<ReadonlySet<number>>;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param stillRunning Which of some processes still run. */
  constructor(
    stillRunning: (identities: readonly ProcessIdentity[]) => Promise<ReadonlySet<number>>,
  ) {
    this.#stillRunning = stillRunning;
  }

  /**
   * Waits for the end of a process.
   *
   * @param identity Which.
   * @param signal Ends the wait; the promise then never settles.
   * @returns When the process has ended.
   */
  ended(identity: ProcessIdentity, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (signal.aborted) return promise;
    this.#watched.set(identity, resolve);
    signal.addEventListener("abort", () => this.#stopWatching(identity), { once: true });
    this.#schedule();
    return promise;
  }

  /**
   * Looks at once, for somebody who is about to rely on what runs.
   *
   * @returns Whether any has ended since the last look; whoever waits for it is told by then.
   */
  async look(): Promise<boolean> {
    if (this.#watched.size === 0) return false;
    const before = this.#watched.size;
    await this.#look();
    const ended = this.#watched.size < before;
    // The waiting go on in turns of their own.
    if (ended) await delay(0);
    return ended;
  }

  #stopWatching(identity: ProcessIdentity): void {
    this.#watched.delete(identity);
    if (this.#watched.size > 0 || this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(): void {
    if (this.#timer !== null || this.#watched.size === 0) return;
    this.#timer = setTimeout(async () => {
      try {
        await this.#look();
      } finally {
        // A look that failed is told by its rejection; the next one may see again.
        this.#timer = null;
        this.#schedule();
      }
    }, INTERVAL_MS);
  }

  async #look(): Promise<void> {
    const watched = [...this.#watched];
    const running = await this.#stillRunning(watched.map(([identity]) => identity));
    for (const [identity, resolve] of watched) {
      if (running.has(identity.pid)) continue;
      this.#watched.delete(identity);
      resolve();
    }
  }
}
