import type { Effects } from "../effects.ts";

/** The cancellable steps before a launch: the restart delay, then the preflight checks. */
export class PendingStart {
  readonly #effects: Pick<Effects, "after">;
  #current: AbortController | null = null;

  /** @param effects The timer. */
  constructor(effects: Pick<Effects, "after">) {
    this.#effects = effects;
  }

  /**
   * Begins a step.
   *
   * @returns A signal that aborts when the step is cancelled.
   */
  begin(): AbortSignal {
    this.#current = new AbortController();
    return this.#current.signal;
  }

  /** Marks the current step as complete: it can no longer be cancelled. */
  done(): void {
    this.#current = null;
  }

  /** Cancels the current step, if there is one. */
  cancel(): void {
    this.#current?.abort();
    this.#current = null;
  }

  /**
   * Calls a function after a delay, unless it is cancelled. A delay of 0 calls it synchronously.
   *
   * @param delayMs The delay, in milliseconds.
   * @param callback The function.
   */
  after(delayMs: number, callback: () => void): void {
    if (delayMs === 0) {
      callback();
      return;
    }
    const signal = this.begin();
    const cancel = this.#effects.after(delayMs, () => {
      this.done();
      callback();
    });
    signal.addEventListener("abort", cancel);
  }
}
