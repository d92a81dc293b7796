import { HaleError } from "../../errors.ts";
import { delay } from "@std/async/delay";

/** When a failed transfer is retried. */
export interface RetryPolicy {
  /** Number of failures in a row, without progress in between, after which to give up. @default 5 */
  readonly tries: number;
  /** First pause in milliseconds; doubles with each failure in a row. @default 250 */
  readonly pauseMs: number;
  /** Longest pause in milliseconds; a longer `Retry-After` gives up. @default 120000 */
  readonly maxPauseMs: number;
}

/** The default policy. Its pauses add up to 4 seconds at most. */
export const RETRY_POLICY: RetryPolicy = { tries: 5, pauseMs: 250, maxPauseMs: 120_000 };

/**
 * Returns how long to wait before a failed transfer is retried.
 *
 * @param error The failure.
 * @param options `failures`: failures in a row, including this one; `leftMs`: milliseconds until the
 * overall deadline; `random`: jitter in [0, 1), so that many clients do not retry at once.
 * @param policy When to give up.
 * @returns Milliseconds; null to give up.
 */
export function nextTryMs(
  error: unknown,
  { failures, leftMs, random }: { failures: number; leftMs: number; random: number },
  policy: RetryPolicy,
): number | null {
  if (!(error instanceof HaleError) || error.fields.transient !== true) return null;
  if (failures >= policy.tries) return null;
  const retryAfterMs = typeof error.fields.retry_after_ms === "number"
    ? error.fields.retry_after_ms
    : 0;
  const backoffMs = policy.pauseMs * 2 ** (failures - 1) * (0.5 + random / 2);
  const pauseMs = Math.max(retryAfterMs, backoffMs);
  return pauseMs > policy.maxPauseMs || pauseMs >= leftMs ? null : pauseMs;
}

/** Options of retries. */
export interface RetryOptions {
  /** Aborts the pauses. */
  readonly signal: AbortSignal;
  /** Milliseconds until the overall deadline. */
  readonly leftMs: () => number;
  readonly retry?: Partial<RetryPolicy>;
  /** Called before each pause. */
  readonly onRetry?: (error: HaleError, pauseMs: number) => void;
}

/** Fewer bytes are not progress: a server that sends a little and breaks off would retry for ever. */
const PROGRESS_BYTES = 1024 * 1024;

/**
 * Repeats a transfer until it succeeds or retries are exhausted.
 *
 * @param transfer One attempt. It may resume where the previous one ended.
 * @param received Returns the bytes received so far.
 * @param options When to retry.
 * @returns The result of the transfer.
 * @throws The error of the last attempt.
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
  return new HaleError(code, `${message} hale tried ${tries} times.`, {
    fields: { ...fields, tries },
    cause,
  });
}
