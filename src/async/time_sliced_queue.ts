/** Length of a slice, in milliseconds. Handling one exit and the next launch takes about half of it. */
const SLICE_MS = 8;

/** Pause between two slices, in milliseconds: the shortest delay of a timer. */
const PAUSE_MS = 1;

/** A timer this much late, in milliseconds, was blocked by other work: there was no pause. */
const LATE_MS = 1.5;

/** Attempts to get a real pause, so that a busy event loop cannot block the queue forever. */
const MAX_PAUSES = 20;

/** How long pending requests may hold back work, in milliseconds. A status request takes two. */
const YIELD_MS = 50;

/**
 * Runs short tasks in time slices with pauses between them, so that the event loop stays responsive.
 * Handling an exit and starting a process take milliseconds each. When fifty services die together, a
 * command must not wait until the last one has been restarted.
 *
 * The pauses are timers: while immediate work is pending, Deno's runtime polls for new connections only
 * every 61st iteration.
 */
export class TimeSlicedQueue {
  readonly #tasks: (() => void)[] = [];
  /** Start of the current slice, in monotonic milliseconds; null during a pause. */
  #sliceStart: number | null = null;
  #pendingRequests = 0;
  /** Until when pending requests hold back work, in monotonic milliseconds. */
  #yieldUntil = 0;
  readonly #sliceMs: number;
  readonly #yieldMs: number;

  /**
   * @param options `sliceMs`: how long one slice may take, 8 by default; `yieldMs`: how long pending
   * requests may hold back work, 50 by default. Both in milliseconds.
   */
  constructor(options: { readonly sliceMs?: number; readonly yieldMs?: number } = {}) {
    this.#sliceMs = options.sliceMs ?? SLICE_MS;
    this.#yieldMs = options.yieldMs ?? YIELD_MS;
  }

  /**
   * Runs a task: at once if the current slice has time left, otherwise in a later slice. Tasks run in
   * the order of the calls.
   *
   * @param task The task. If it throws, the error becomes an unhandled rejection and the queue
   * continues.
   */
  enqueue(task: () => void): void {
    this.#beginSlice();
    if (this.#tasks.length === 0 && this.#hasTime()) run(task);
    else this.#tasks.push(task);
  }

  /**
   * Holds back work while a request is answered, for `yieldMs` at most.
   *
   * @returns A function to call when the request is answered.
   */
  yieldToRequests(): () => void {
    if (this.#pendingRequests++ === 0) this.#yieldUntil = performance.now() + this.#yieldMs;
    return () => void this.#pendingRequests--;
  }

  #beginSlice(): void {
    if (this.#sliceStart !== null) return;
    this.#sliceStart = performance.now();
    // Set the timer after the slice's work: a timer that expires during the work gives no pause.
    queueMicrotask(() => this.#pause(1));
  }

  #pause(attempt: number): void {
    const end = performance.now() + PAUSE_MS;
    setTimeout(() => {
      if (performance.now() - end > LATE_MS && attempt < MAX_PAUSES) this.#pause(attempt + 1);
      else this.#runSlice();
    }, PAUSE_MS);
  }

  #runSlice(): void {
    this.#sliceStart = null;
    if (this.#tasks.length === 0) return;
    this.#beginSlice();
    while (this.#tasks.length > 0 && this.#hasTime()) run(this.#tasks.shift()!);
  }

  #hasTime(): boolean {
    const now = performance.now();
    return now - this.#sliceStart! < this.#sliceMs &&
      (this.#pendingRequests === 0 || now > this.#yieldUntil);
  }
}

function run(task: () => void): void {
  try {
    task();
  } catch (error) {
    Promise.reject(error);
  }
}
