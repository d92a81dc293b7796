/**
 * Signals that ask a command to end.
 *
 * @module
 */

import { HaleError } from "../errors.ts";
import { listenForTermination } from "../platform/termination_signals.ts";

/**
 * Signals within this time are one interruption, in milliseconds: a terminal and a wrapper such as npm
 * both pass Ctrl-C on, and a closing terminal sends several signals.
 */
const ONE_INTERRUPTION_MS = 200;

/**
 * A command that has not ended this long after the first interruption is ended, in milliseconds: whatever
 * it waits for, it ends within a second.
 */
const GRACE_MS = 700;

/** The interruptions of a command by the user or the system. */
export class Interruption implements Disposable {
  readonly #first = new AbortController();
  readonly #second = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  readonly #listening: Disposable;
  #isSecondHandled = false;
  #isOrderly = false;
  #grace: ReturnType<typeof setTimeout> | undefined;
  #lastAt = -Infinity;

  /** @param now Returns monotonic milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#listening = listenForTermination((name) => this.interrupt(name, now()));
  }

  /** Aborts on the first interruption: the command ends in an orderly way. */
  get signal(): AbortSignal {
    return this.#first.signal;
  }

  /** Resolves when the command must end at once, whatever it does. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Makes the command end by itself after the first interruption, however long that takes. */
  handleFirst(): void {
    this.#isOrderly = true;
    clearTimeout(this.#grace);
  }

  /**
   * Makes the command handle the second interruption itself. The third one ends it at once.
   *
   * @returns A signal that aborts on the second interruption.
   */
  handleSecond(): AbortSignal {
    this.#isSecondHandled = true;
    this.handleFirst();
    return this.#second.signal;
  }

  /**
   * Handles a signal.
   *
   * @param signal Its name.
   * @param now Monotonic milliseconds.
   */
  interrupt(signal: Deno.Signal, now: number): void {
    const isRepeated = now - this.#lastAt < ONE_INTERRUPTION_MS;
    if (isRepeated) return;
    this.#lastAt = now;
    if (!this.signal.aborted) {
      this.#first.abort(new HaleError("interrupted", "Interrupted.", { fields: { signal } }));
      if (!this.#isOrderly) this.#grace = setTimeout(this.#ended.resolve, GRACE_MS);
    } else if (this.#isSecondHandled && !this.#second.signal.aborted) {
      this.#second.abort(
        new HaleError("interrupted", "Interrupted again.", { fields: { signal } }),
      );
    } else {
      this.#ended.resolve();
    }
  }

  /** Stops listening: the next signal has its default effect. */
  [Symbol.dispose](): void {
    clearTimeout(this.#grace);
    this.#listening[Symbol.dispose]();
  }
}
