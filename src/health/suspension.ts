/** How often it is checked whether this program runs, in milliseconds. */
const BEAT_MS = 200;

/** A beat that is later than this was not delayed by a busy machine alone. */
const LATE_MS = 300;

/**
 * Notices that this program was suspended (SIGSTOP, a sleeping laptop, a paused virtual machine) or got no
 * processor time. Its timers are then all due when it continues, before what happened meanwhile is read: an
 * answer that came in time looks late.
 */
export class SuspensionWatch implements Disposable {
  readonly #timer: ReturnType<typeof setInterval>;
  #lastBeat = performance.now();
  #wasSuspended = false;

  constructor() {
    this.#timer = setInterval(() => this.#beat(), BEAT_MS);
  }

  /** Whether this program was suspended since the watch began. */
  get wasSuspended(): boolean {
    this.#beat();
    return this.#wasSuspended;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    const now = performance.now();
    this.#wasSuspended ||= now - this.#lastBeat > BEAT_MS + LATE_MS;
    this.#lastBeat = now;
  }
}
