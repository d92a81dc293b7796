/**
 * As much as is done at once, in milliseconds: what follows from one end, and the launch after it, take
 * about half of it.
 */
const TURN_MS = 8;

/** Between two turns, in milliseconds: the least that a timer knows. */
const PAUSE_MS = 1;

/** A pause that is longer by this was none: something else was done in it. In milliseconds. */
const LATE_MS = 1.5;

/** So often a pause is tried for: work that follows from work must not hold it up for ever. */
const MAX_PAUSES = 20;

/** Nobody who asks is waited for longer, in milliseconds. Telling how services stand takes two. */
const YIELD_MS = 50;

/**
 * Spreads work over the turns of the event loop: what follows from an end and starting a process take
 * milliseconds, and fifty services that died together must not keep a command waiting until the last of
 * them is back.
 *
 * Between turns there are real pauses: as long as something is left to do at once, Deno's runtime looks
 * for new connections only every 61st time.
 */
export class TimeSlicedQueue {
  readonly #waiting: (() => void)[] = [];
  /** When this turn began; null where nothing was done since the pause. Monotonic milliseconds. */
  #began: number | null = null;
  #looking = 0;
  #goesOnAt = 0;
  readonly #turnMs: number;
  readonly #yieldMs: number;

  /**
   * @param options How long one turn may last, and how long somebody who only looks is waited for, in
   * milliseconds.
   */
  constructor(options: { readonly turnMs?: number; readonly yieldMs?: number } = {}) {
    this.#turnMs = options.turnMs ?? TURN_MS;
    this.#yieldMs = options.yieldMs ?? YIELD_MS;
  }

  /**
   * Does something: at once where this turn has not lasted long, else in one that comes, in the order of
   * the calls.
   *
   * @param act What to do. What it throws is an unhandled rejection, and stops nobody else.
   */
  enqueue(act: () => void): void {
    this.#begin();
    if (this.#waiting.length === 0 && this.#mayGoOn()) run(act);
    else this.#waiting.push(act);
  }

  /**
   * Lets somebody who only looks be answered first.
   *
   * @returns To be called when that has happened.
   */
  yieldToRequests(): () => void {
    if (this.#looking++ === 0) this.#goesOnAt = performance.now() + this.#yieldMs;
    return () => void this.#looking--;
  }

  #begin(): void {
    if (this.#began !== null) return;
    this.#began = performance.now();
    // Not before the turn is over: a timer that has run out by then is no pause.
    queueMicrotask(() => this.#pause(1));
  }

  #pause(tries: number): void {
    const end = performance.now() + PAUSE_MS;
    setTimeout(() => {
      if (performance.now() - end > LATE_MS && tries < MAX_PAUSES) this.#pause(tries + 1);
      else this.#next();
    }, PAUSE_MS);
  }

  #next(): void {
    this.#began = null;
    if (this.#waiting.length === 0) return;
    this.#begin();
    while (this.#waiting.length > 0 && this.#mayGoOn()) run(this.#waiting.shift()!);
  }

  #mayGoOn(): boolean {
    const now = performance.now();
    return now - this.#began! < this.#turnMs && (this.#looking === 0 || now > this.#goesOnAt);
  }
}

function run(act: () => void): void {
  try {
    act();
  } catch (error) {
    Promise.reject(error);
  }
}
