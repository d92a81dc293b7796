/**
 * A signal that fires when time is up or when another signal fires, whichever comes first.
 *
 * Dispose of it when the work is done: its timer would keep the program alive.
 */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #ms: number;
  readonly #error: () => Error;
  readonly #parent: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #endsAt = Infinity;

  /**
   * @param ms How long from now, in milliseconds.
   * @param error Makes the signal's reason when time is up.
   * @param parent Another signal that ends the same work; its reason is passed on.
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

  /** Fires when the work must end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Milliseconds until time is up; infinite while it is stopped. */
  get leftMs(): number {
    return this.#endsAt - performance.now();
  }

  /** Starts the time anew: something has happened. */
  restart(): void {
    clearTimeout(this.#timer);
    this.#endsAt = performance.now() + this.#ms;
    this.#timer = setTimeout(() => this.#controller.abort(this.#error()), this.#ms);
  }

  /** Stops the time until the next {@linkcode Deadline.restart}; the parent still counts. */
  pause(): void {
    clearTimeout(this.#timer);
    this.#endsAt = Infinity;
  }

  /** Stops the time for good, and lets go of the parent. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#parent?.removeEventListener("abort", this.#onParentAbort);
  }

  readonly #onParentAbort = (): void => {
    clearTimeout(this.#timer);
    this.#controller.abort(this.#parent?.reason);
  };
}
