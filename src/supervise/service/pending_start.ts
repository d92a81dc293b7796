import type { Effects } from "../effects.ts";

/** What leads to a launch and may be called off: a pause, waiting for dependencies, a look at a port. */
export class PendingStart {
  readonly #effects: Pick<Effects, "after">;
  #current: AbortController | null = null;

  /** @param effects Time. */
  constructor(effects: Pick<Effects, "after">) {
    this.#effects = effects;
  }

  /**
   * Begins something.
   *
   * @returns Aborts when it is called off.
   */
  begin(): AbortSignal {
    this.#current = new AbortController();
    return this.#current.signal;
  }

  /** It has come to its end; calling it off does nothing any more. */
  done(): void {
    this.#current = null;
  }

  /** Calls off what was begun last. */
  cancel(): void {
    this.#current?.abort();
    this.#current = null;
  }

  /**
   * Does something after a pause; at once where there is none.
   *
   * @param pauseMs The pause, in milliseconds.
   * @param act What to do, unless it is called off.
   */
  after(pauseMs: number, act: () => void): void {
    if (pauseMs === 0) {
      act();
      return;
    }
    const signal = this.begin();
    const cancel = this.#effects.after(pauseMs, () => {
      this.done();
      act();
    });
    signal.addEventListener("abort", cancel);
  }
}
