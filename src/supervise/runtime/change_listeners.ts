/** Waits for conditions on the services of a runtime, without polling: they are checked at each change. */
export class ChangeListeners {
  readonly #checks = new Set<() => void>();

  /** Checks all conditions that are waited for. Called after every change of a service. */
  notify(): void {
    for (const check of [...this.#checks]) check();
  }

  /**
   * Waits until a condition holds or the signal aborts. Checks now and after every change.
   *
   * @param condition The condition.
   * @param signal Ends the wait without an error.
   * @throws What the condition throws.
   */
  waitFor(condition: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        this.#checks.delete(check);
        signal.removeEventListener("abort", check);
        act();
      };
      const check = () => {
        try {
          if (signal.aborted || condition()) settle(resolve);
        } catch (error) {
          settle(() => reject(error));
        }
      };
      this.#checks.add(check);
      signal.addEventListener("abort", check);
      check();
    });
  }
}
