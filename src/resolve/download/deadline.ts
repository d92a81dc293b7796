/**
 * A signal that is aborted when a time limit expires or when a parent signal is aborted.
 *
 * Dispose of it when the work is done: its timer keeps the program alive.
 */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #ms: number;
  readonly #error: () => Error;
  readonly #parent: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #endsAt = Infinity;

  /**
   * @param ms The time limit in milliseconds, from now.
   * @param error Creates the signal's reason when the limit expires.
   * @param parent A signal that aborts this one, with its reason.
   */
  constructor(ms: number, error: () => Error, parent?: AbortSignal) {
    this.#ms = ms;
    this.#error = error;
    this.#parent = parent;
    if (parent?.aborted) this.#controller.abort(parent.reason);
    else {
      parent?.addEventListener("abort", this.#onParentAbort);
      this.restart();
    }
  }

  /** Aborted when the work must end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Milliseconds until the limit expires; infinite while paused. */
  get leftMs(): number {
    return this.#endsAt - performance.now();
  }

  /** Restarts the time limit. */
  restart(): void {
    clearTimeout(this.#timer);
    this.#endsAt = performance.now() + this.#ms;
    this.#timer = setTimeout(() => this.#controller.abort(this.#error()), this.#ms);
  }

  /** Suspends the time limit until {@linkcode Deadline.restart}. The parent still aborts. */
  pause(): void {
    clearTimeout(this.#timer);
    this.#endsAt = Infinity;
  }

  /** Cancels the time limit and detaches from the parent. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#parent?.removeEventListener("abort", this.#onParentAbort);
  }

  readonly #onParentAbort = (): void => {
    clearTimeout(this.#timer);
    this.#controller.abort(this.#parent?.reason);
  };
}
