/**
 * Waits for a launch to become healthy.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import type { PolledCheck } from "../model/health_spec.ts";
import { probe } from "./probe.ts";
import type { ProbeLaunch, ProbeResult } from "./types.ts";

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
/** How long before the deadline the last check begins: enough for an answer on the same machine. */
const LAST_CHECK_MS = 100;
/** How early a timer may fire. An early timer must not add a check after the last one. */
const EARLY_MS = 10;

/** A wait that takes this much longer was interrupted. A loaded machine may delay a wait a little. */
const OVERSLEPT_MS = 500;

/** Result of {@linkcode pollHealth}. */
export type PollOutcome =
  | {
    readonly kind: "healthy";
    readonly afterMs: number;
    readonly attempts: number;
    readonly body: Readonly<Record<string, unknown>>;
  }
  /** `late`: the deadline passed. `foreign`: another program answers on the service's endpoint. */
  | {
    readonly kind: "late" | "foreign";
    readonly afterMs: number;
    readonly attempts: number;
    readonly last: Exclude<ProbeResult, { kind: "healthy" }>;
  };

/** Settings of {@linkcode pollHealth}. */
export interface PollOptions {
  /** Aborts the wait; the call then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly launch: ProbeLaunch;
}

/**
 * Runs a check of a service, readiness or `start`, until it passes or `within_ms` has passed. The
 * first check runs at once, the second after 100 ms. The pause then doubles up to 1 s. The last check
 * runs just before the deadline, or after it if this program was suspended. If the machine could not run
 * the last check, another one decides.
 *
 * @param health What to check and for how long.
 * @param options The signal that aborts the wait, and the launch to check.
 * @returns Whether the service became healthy, and otherwise the last result.
 */
export async function pollHealth(health: PolledCheck, options: PollOptions): Promise<PollOutcome> {
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  const remainingMs = () => health.within_ms - (performance.now() - startedAt);
  let pauseMs = FIRST_PAUSE_MS;
  let last: Extract<PollOutcome, { last: unknown }>["last"] | null = null;
  let isLast: boolean = false;
  for (let attempts = 1;; attempts++) {
    const beganAt = performance.now();
    // Cut the check at the deadline: a server that never answers must not extend it.
    const isOver = isLast || remainingMs() <= 0;
    const timeoutMs: number = isOver
      ? health.timeout_ms
      : Math.max(1, Math.ceil(Math.min(health.timeout_ms, remainingMs())));
    const isCut = timeoutMs < health.timeout_ms;
    const result = await probe(health.check, {
      timeoutMs,
      isCut,
      signal: options.signal,
      launch: options.launch,
    });
    if (result.kind === "healthy") {
      return { kind: "healthy", afterMs: elapsed(), attempts, body: result.body };
    }
    if (result.kind === "foreign") {
      return { kind: "foreign", afterMs: elapsed(), attempts, last: result };
    }
    // The timeout of a cut check is less informative than the result before it.
    if (last === null || result.kind !== "timeout" || !isCut) last = result;
    if (isLast && last.isPassing !== true) {
      return { kind: "late", afterMs: elapsed(), attempts, last };
    }
    const leftMs = remainingMs();
    const untilLastMs = leftMs <= 0
      ? LONGEST_PAUSE_MS
      : leftMs > LAST_CHECK_MS + EARLY_MS
      ? leftMs - LAST_CHECK_MS
      : leftMs;
    const waitMs = Math.max(0, Math.min(pauseMs, untilLastMs));
    await delay(waitMs, { signal: options.signal });
    // A check that the machine could not run decides nothing: the next one does.
    if (remainingMs() <= 0 && last.isPassing !== true) {
      // This program or the machine was suspended: the service was not checked at its deadline.
      isLast = performance.now() - beganAt > timeoutMs + waitMs + OVERSLEPT_MS;
      if (!isLast) return { kind: "late", afterMs: elapsed(), attempts, last };
    }
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
