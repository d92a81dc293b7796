/** The longest time that a timer can wait, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * A time limit beside a signal. Not `AbortSignal.any()` with `AbortSignal.timeout()`: the timer of the
 * latter cannot be cleared, and whether the limit or the caller ended a wait must be known.
 */
export class Timeout {
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout> | null;
  readonly #outer: AbortSignal | undefined;
  #isOver = false;

  /**
   * @param ms The limit; more than 24 days, or infinity: none.
   * @param outer Aborts earlier.
   */
  constructor(ms: number, outer?: AbortSignal) {
    this.#outer = outer;
    this.#timer = ms > MAX_TIMER_MS ? null : setTimeout(() => {
      this.#isOver = true;
      this.#controller.abort(new DOMException("The time limit was reached.", "TimeoutError"));
    }, ms);
    if (outer?.aborted) this.#pass();
    else outer?.addEventListener("abort", this.#pass, { once: true });
  }

  /** Aborts at the limit or with the other signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the limit was reached before the other signal was aborted. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends the limit. */
  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#pass);
  }

  readonly #pass = () => {
    this.#controller.abort(this.#outer!.reason);
  };
}
