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
/** How early a timer may fire, so that the last check begins a little too early. */
const EARLY_MS = 10;
/** What takes this much longer was interrupted. A loaded machine may delay a wait a little. */
const INTERRUPTED_MS = 500;

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
 * runs just before the deadline, or after it if this program was suspended. A check that the machine could
 * not run decides nothing: another one does.
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
  let isExtra: boolean = false;
  for (let attempts = 1;; attempts++) {
    // Cut the check at the deadline: a server that never answers must not extend it.
    const timeoutMs: number = isExtra
      ? health.timeout_ms
      : Math.max(1, Math.ceil(Math.min(health.timeout_ms, remainingMs())));
    const isCut = timeoutMs < health.timeout_ms;
    const check = interruptible(timeoutMs);
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
    const couldRun = last.isPassing !== true;
    if (isExtra && couldRun) return { kind: "late", afterMs: elapsed(), attempts, last };
    const leftMs = remainingMs();
    const isLast = leftMs <= LAST_CHECK_MS + EARLY_MS;
    const untilLastMs = !isLast ? leftMs - LAST_CHECK_MS : couldRun ? leftMs : pauseMs;
    const waitMs = Math.max(0, isLast ? untilLastMs : Math.min(pauseMs, untilLastMs));
    const wasInterrupted = check.wasInterrupted();
    const pause = interruptible(waitMs);
    await delay(waitMs, { signal: options.signal });
    // Not only the time decides: a timer that fires early must not add a check after the last one.
    if (isLast || remainingMs() <= 0) {
      isExtra = !couldRun || wasInterrupted || pause.wasInterrupted();
      if (!isExtra) return { kind: "late", afterMs: elapsed(), attempts, last };
    }
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

/** Notices that this program was suspended during something that takes no longer than a limit. */
function interruptible(limitMs: number): { wasInterrupted(): boolean } {
  const beganAt = performance.now();
  return { wasInterrupted: () => performance.now() - beganAt > limitMs + INTERRUPTED_MS };
}
