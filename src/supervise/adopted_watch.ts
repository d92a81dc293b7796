/**
 * Learning of the end of processes that are not our children: one look at the process table for
 * all of them together, and none at all where there are none.
 *
 * @module
 */

import type { ProcessIdentity } from "../model/service_state.ts";

const INTERVAL_MS = 1_000;

/** Watches adopted processes. */
export class AdoptedWatch {
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
    this.#watched.set(identity, resolve);
    signal.addEventListener("abort", () => this.#watched.delete(identity), { once: true });
    this.#schedule();
    return promise;
  }

  #schedule(): void {
    if (this.#timer !== null || this.#watched.size === 0) return;
    this.#timer = setTimeout(async () => {
      await this.#look();
      this.#timer = null;
      this.#schedule();
    }, INTERVAL_MS);
  }

  async #look(): Promise<void> {
    const watched = [...this.#watched];
    if (watched.length === 0) return;
    const running = await this.#stillRunning(watched.map(([identity]) => identity));
    for (const [identity, resolve] of watched) {
      if (running.has(identity.pid)) continue;
      this.#watched.delete(identity);
      resolve();
    }
  }
}
