/** What leads to a launch and may be called off: a pause, waiting for dependencies, a look at a port. */
export class PendingStart {
  #current: AbortController | null = null;

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
    const timer = setTimeout(() => {
      this.done();
      act();
    }, pauseMs);
    signal.addEventListener("abort", () => clearTimeout(timer));
  }
}
