import { passingFault } from "../../files/io_error.ts";

const RETRY_MS = 500;

/** Most writes that are kept. A service that crashes all the time makes some a second. */
const MAX_WRITES = 10_000;

/**
 * Makes writes in the order of the calls. While the disk is full, read-only or failing, and while there are
 * no descriptors left, they are kept and made later, still in order.
 */
export class DeferredWrites {
  readonly #onProblem: (error: unknown) => void;
  #kept: (() => void)[] = [];
  #last: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #lastCode: string | null = null;

  /** @param onProblem Called for a write that failed for good, and once for each shortage. */
  constructor(onProblem: (error: unknown) => void) {
    this.#onProblem = onProblem;
  }

  /**
   * Makes a write now, or after those that are kept.
   *
   * @param write The write. It throws if it fails, and has then no effect.
   */
  add(write: () => void): void {
    if (this.#kept.length >= MAX_WRITES) {
      this.#onProblem(new Error(`more than ${MAX_WRITES} records are not written yet`));
      return;
    }
    this.#kept.push(write);
    if (this.#timer === null) this.writeAll();
  }

  /**
   * Makes a write now, or once none is kept any more: also after those that are added later. It replaces the
   * last write before, if that is not made yet.
   *
   * @param write The write. What it has written when it fails is not written again.
   */
  addLast(write: () => void): void {
    this.#last = write;
    if (this.#timer === null) this.writeAll();
  }

  /**
   * Makes all writes that are kept, as far as that is possible.
   *
   * @returns The error that prevents it; null if none is kept any more.
   */
  writeAll(): unknown {
    while (this.#kept.length > 0 || this.#last !== null) {
      const failure = this.#writeNext();
      if (failure === null) continue;
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.writeAll();
      }, RETRY_MS);
      return failure;
    }
    this.close();
    return null;
  }

  /** Ends the retries. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Returns the error of a write that is kept; null if it is done, or has failed for good. */
  #writeNext(): unknown {
    const write = this.#kept[0] ?? this.#last!;
    try {
      write();
      this.#lastCode = null;
    } catch (error) {
      const code = passingFault(error);
      if (code !== null) {
        if (code !== this.#lastCode) this.#onProblem(error);
        this.#lastCode = code;
        return error;
      }
      this.#onProblem(error);
    }
    if (this.#kept.length > 0) this.#kept.shift();
    else this.#last = null;
    return null;
  }
}
