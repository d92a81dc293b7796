/**
 * Waiting for a launch to become healthy.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import type { HealthSpec } from "../model/service_spec.ts";
import { probe } from "./probe.ts";
import type { ProbeLaunch, ProbeResult } from "./types.ts";

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
/** The last check begins so long before the deadline: enough for an answer on the same machine. */
const LAST_CHECK_MS = 100;
/** A timer may fire this much early: that makes no other check the last one. */
const EARLY_MS = 10;

/** How {@linkcode pollHealth} ended. */
export type PollOutcome =
  | {
    readonly kind: "healthy";
    readonly afterMs: number;
    readonly attempts: number;
    readonly body: Readonly<Record<string, unknown>>;
  }
  /** The time is over, or another program answers in the service's place. */
  | {
    readonly kind: "late" | "foreign";
    readonly afterMs: number;
    readonly attempts: number;
    readonly last: Exclude<ProbeResult, { kind: "healthy" }>;
  };

/** Settings of {@linkcode pollHealth}. */
export interface PollOptions {
  /** Ends the wait; it then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly launch: ProbeLaunch;
}

/**
 * Checks until a service is healthy: at once, then after 100 ms, the pause doubling up to 1 s,
 * within `health.within_ms`, with a last check just before that is over.
 *
 * @param health What to check and for how long.
 * @param options The signal that ends the wait, and the launch it is about.
 * @returns How it ended.
 */
export async function pollHealth(health: HealthSpec, options: PollOptions): Promise<PollOutcome> {
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  const remainingMs = () => health.within_ms - (performance.now() - startedAt);
  let pauseMs = FIRST_PAUSE_MS;
  let last: Extract<PollOutcome, { last: unknown }>["last"] | null = null;
  for (let attempts = 1;; attempts++) {
    // A check is cut at the deadline: a server that never answers cannot stretch it.
    const timeoutMs = Math.max(1, Math.ceil(Math.min(health.timeout_ms, remainingMs())));
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
    // A check that was cut short says less than the one before it.
    if (last === null || result.kind !== "timeout" || !isCut) last = result;
    const leftMs = remainingMs();
    const untilLastMs = leftMs > LAST_CHECK_MS + EARLY_MS ? leftMs - LAST_CHECK_MS : leftMs;
    await delay(Math.max(0, Math.min(pauseMs, untilLastMs)), { signal: options.signal });
    if (remainingMs() <= 0) return { kind: "late", afterMs: elapsed(), attempts, last };
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
