/**
 * Detects the exit of processes that are not children of this process. One read of the process table
 * serves all of them.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import type { ProcessIdentity } from "../../model/service_state.ts";

const INTERVAL_MS = 1_000;

/** Polls adopted processes once a second, while there are any. */
export class AdoptedProcessPoller {
  readonly #watched = new Map<ProcessIdentity, () => void>();
  readonly #stillRunning: (
    identities: readonly ProcessIdentity[],
  ) => Promise<ReadonlySet<number>>;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param stillRunning Returns the pids of the processes that are still running. */
  constructor(
    stillRunning: (identities: readonly ProcessIdentity[]) => Promise<ReadonlySet<number>>,
  ) {
    this.#stillRunning = stillRunning;
  }

  /**
   * Waits for the exit of a process.
   *
   * @param identity The process.
   * @param signal Ends the wait; the promise then never settles.
   * @returns When the process has exited.
   */
  exited(identity: ProcessIdentity, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (signal.aborted) return promise;
    this.#watched.set(identity, resolve);
    signal.addEventListener("abort", () => this.#stopWatching(identity), { once: true });
    this.#schedule();
    return promise;
  }

  /**
   * Polls now, for an up-to-date status.
   *
   * @returns Whether any process has exited since the last poll. Its waiters have run by then.
   */
  async poll(): Promise<boolean> {
    if (this.#watched.size === 0) return false;
    const before = this.#watched.size;
    await this.#poll();
    const hasExits = this.#watched.size < before;
    // The waiters continue in microtasks of their own.
    if (hasExits) await delay(0);
    return hasExits;
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
        await this.#poll();
      } finally {
        // A failed poll is an unhandled rejection. The next one may succeed.
        this.#timer = null;
        this.#schedule();
      }
    }, INTERVAL_MS);
  }

  async #poll(): Promise<void> {
    const watched = [...this.#watched];
    const running = await this.#stillRunning(watched.map(([identity]) => identity));
    for (const [identity, resolve] of watched) {
      if (running.has(identity.pid)) continue;
      this.#watched.delete(identity);
      resolve();
    }
  }
}
