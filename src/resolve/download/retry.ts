import { HaleError } from "../../errors.ts";
import { delay } from "@std/async/delay";

/** When a failed transfer is tried again. */
export interface RetryPolicy {
  /** Failures in a row, none of them with progress in between, that are too many. @default 5 */
  readonly tries: number;
  /** The first pause, in milliseconds; doubles with every failure in a row. @default 250 */
  readonly pauseMs: number;
  /** The longest pause that a server may ask for, in milliseconds. @default 120000 */
  readonly maxPauseMs: number;
}

/** What a person waits for without wondering. */
export const RETRY_POLICY: RetryPolicy = { tries: 5, pauseMs: 250, maxPauseMs: 120_000 };

/**
 * How long to wait before a failed transfer is tried again.
 *
 * @param error What it failed with.
 * @param options `failures` in a row, this one among them; `leftMs` until everything must be done;
 * `random` in [0, 1), so that many clients do not come back at once.
 * @param policy When to give up.
 * @returns Milliseconds; null where another try makes no sense.
 */
export function nextTryMs(
  error: unknown,
  { failures, leftMs, random }: { failures: number; leftMs: number; random: number },
  policy: RetryPolicy,
): number | null {
  if (!(error instanceof HaleError) || error.fields.transient !== true) return null;
  if (failures >= policy.tries) return null;
  const asked = typeof error.fields.retry_after_ms === "number" ? error.fields.retry_after_ms : 0;
  const own = policy.pauseMs * 2 ** (failures - 1) * (0.5 + random / 2);
  const pauseMs = Math.max(asked, own);
  return pauseMs > policy.maxPauseMs || pauseMs >= leftMs ? null : pauseMs;
}

/** How to try again. */
export interface RetryOptions {
  /** Ends the pauses. */
  readonly signal: AbortSignal;
  /** Milliseconds until everything must be done. */
  readonly leftMs: () => number;
  readonly retry?: Partial<RetryPolicy>;
  /** Told before each pause. */
  readonly onRetry?: (error: HaleError, pauseMs: number) => void;
}

/** Less than this is no progress: a server that sends a little and breaks off would go on for ever. */
const PROGRESS_BYTES = 1024 * 1024;

/**
 * Tries a transfer until it succeeds or another try makes no sense.
 *
 * @param transfer One try. It may take up where the one before ended.
 * @param received Bytes that are there.
 * @param options When to try again.
 * @returns What the transfer returns.
 * @throws What the last try threw.
 */
export async function withRetries<T>(
  transfer: () => Promise<T>,
  received: () => number,
  options: RetryOptions,
): Promise<T> {
  const policy = { ...RETRY_POLICY, ...options.retry };
  let failures = 0;
  let tries = 0;
  let before = received();
  for (;;) {
    tries++;
    try {
      return await transfer();
    } catch (error) {
      failures = received() - before >= PROGRESS_BYTES ? 1 : failures + 1;
      before = Math.max(before, received());
      const leftMs = options.leftMs();
      const pauseMs = nextTryMs(error, { failures, leftMs, random: Math.random() }, policy);
      if (pauseMs === null) throw tries === 1 ? error : withTries(error, tries);
      options.onRetry?.(error as HaleError, pauseMs);
      await delay(pauseMs, { signal: options.signal });
    }
  }
}

function withTries(error: unknown, tries: number): unknown {
  if (!(error instanceof HaleError)) return error;
  const { code, message, fields, cause } = error;
  return new HaleError(code, `${message} It was tried ${tries} times.`, {
    fields: { ...fields, tries },
    cause,
  });
}
