/**
 * Spreads launches over the turns of the event loop: starting a process takes milliseconds, and fifty
 * services that died together must not keep a command waiting until the last of them is back.
 */
export class LaunchTurns {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  /**
   * Does something: at once where nothing else was begun in this turn, else in a turn of its own.
   *
   * @param act What to do.
   */
  take(act: () => void): void {
    if (this.#isTaken) {
      this.#waiting.push(act);
      return;
    }
    this.#isTaken = true;
    setTimeout(() => {
      this.#isTaken = false;
      const next = this.#waiting.shift();
      if (next !== undefined) this.take(next);
    }, 0);
    act();
  }
}
