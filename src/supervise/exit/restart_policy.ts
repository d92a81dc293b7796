/**
 * Decides whether and when a service is restarted after an exit. Pure: time and randomness are
 * arguments.
 *
 * @module
 */

import { isSuccess } from "../../model/exit_success.ts";
import type { RestartSpec } from "../../model/service_spec.ts";
import type { Exit } from "../../model/service_state.ts";

/** Restart history of a service. Times are monotonic milliseconds. */
export interface RestartHistory {
  /** Times of the automatic restarts within the window, oldest first. */
  readonly restartsAt: readonly number[];
  /** Number of consecutive launches that were not stable: the exponent of the backoff. */
  readonly streak: number;
  /** Number of automatic restarts since the last start by a person, without one that is pending. */
  readonly total: number;
}

/** The history after a start by a person. */
export const NO_RESTARTS: RestartHistory = { restartsAt: [], streak: 0, total: 0 };

/** The exit of a launch, as the restart policy needs it. */
export interface ExitFacts {
  readonly exit: Exit;
  /** How long the launch was ready, in milliseconds; null if it never was. */
  readonly readyMs: number | null;
  /** Whether hale stopped it because it was unhealthy: a failure regardless of the exit status. */
  readonly unhealthy: boolean;
}

/** Result of {@linkcode nextRestart}. */
export type RestartDecision =
  | { readonly kind: "restart"; readonly delayMs: number; readonly history: RestartHistory }
  /** Success, and the policy does not restart after success. */
  | { readonly kind: "done" }
  /** Failure, and the policy is `never`. */
  | { readonly kind: "failed" }
  /** `restart.max` is reached. `count`: restarts within the window. */
  | { readonly kind: "exhausted"; readonly count: number };

/** Largest random addition to the backoff, as a share of it. Spreads services that failed together. */
const JITTER = 0.1;

/**
 * Applies the restart policy to an exit.
 *
 * @param history The restart history.
 * @param ended The exit.
 * @param policy The service's settings.
 * @param options `now`: monotonic milliseconds; `random`: a number in [0, 1).
 * @returns The decision.
 */
export function nextRestart(
  history: RestartHistory,
  ended: ExitFacts,
  policy: RestartSpec,
  options: { readonly now: number; readonly random: number },
): RestartDecision {
  const failed = ended.unhealthy || !isSuccess(ended.exit, policy);
  if (!failed && policy.policy !== "always") return { kind: "done" };
  if (policy.policy === "never") return { kind: "failed" };

  // A launch that was never ready proves nothing, however long it ran.
  const stable = ended.readyMs !== null && ended.readyMs >= policy.reset_after_ms;
  const recent = stable
    ? []
    : history.restartsAt.filter((at) => options.now - at < policy.window_ms);
  if (recent.length >= policy.max) return { kind: "exhausted", count: recent.length };
  const streak = stable ? 0 : history.streak + 1;
  return {
    kind: "restart",
    delayMs: backoffMs(streak, policy, options.random),
    history: {
      restartsAt: [...recent, options.now],
      streak,
      total: history.total,
    },
  };
}

/** Exponential backoff: 0 after a stable launch, else `delay_ms`, doubled for each further failure. */
function backoffMs(streak: number, policy: RestartSpec, random: number): number {
  if (streak === 0) return 0;
  const delayMs = Math.min(policy.max_delay_ms, policy.delay_ms * 2 ** Math.min(streak - 1, 40));
  return Math.round(delayMs * (1 + JITTER * random));
}

/** Returns the history when the delay of a restart is over. A restart that is cancelled is not counted. */
export function countRestart(history: RestartHistory): RestartHistory {
  return { ...history, total: history.total + 1 };
}

/**
 * Returns what is left of the delay before a restart, for a supervisor that takes over in between.
 *
 * @param snapshot The snapshot of a service in `backoff`.
 * @param wallNow Milliseconds since the epoch. The wall clock may have been changed since.
 * @returns Milliseconds: 0 if the time is over or not known, and never more than the whole delay.
 */
export function remainingDelayMs(
  snapshot: Pick<RecordedHistory, "failures_at"> & { readonly next_restart_at: string | null },
  wallNow: number,
): number {
  const dueAt = Date.parse(snapshot.next_restart_at ?? "");
  const failedAt = Date.parse(snapshot.failures_at.at(-1) ?? "");
  const leftMs = Math.max(0, Math.min(dueAt - wallNow, dueAt - failedAt));
  return Number.isNaN(leftMs) ? 0 : leftMs;
}

/** A restart history as stored in the snapshot. */
export interface RecordedHistory {
  readonly restarts: number;
  /** ISO 8601, oldest first. */
  readonly failures_at: readonly string[];
}

/**
 * Converts a restart history to its stored form, with wall-clock times.
 *
 * @param history The history.
 * @param options `now`: monotonic milliseconds; `wallNow`: milliseconds since the epoch.
 * @returns The stored form.
 */
export function recordHistory(
  history: RestartHistory,
  options: { readonly now: number; readonly wallNow: number },
): RecordedHistory {
  const { now, wallNow } = options;
  return {
    restarts: history.total,
    failures_at: history.restartsAt.map((at) => new Date(wallNow - (now - at)).toISOString()),
  };
}

/**
 * Restores a restart history that an earlier supervisor recorded.
 *
 * @param snapshot The recorded history. The wall clock may have been changed since: times in the
 * future count as now.
 * @param options `now`: monotonic milliseconds; `wallNow`: milliseconds since the epoch.
 * @returns The history.
 */
export function recallHistory(
  snapshot: RecordedHistory,
  options: { readonly now: number; readonly wallNow: number },
): RestartHistory {
  const restartsAt = snapshot.failures_at
    .map((at) => options.now - Math.max(0, options.wallNow - Date.parse(at)))
    .filter((at) => !Number.isNaN(at));
  return { restartsAt, streak: restartsAt.length, total: snapshot.restarts };
}

/** First and longest delay before a restart that a shortage prevented is tried again, in milliseconds. */
const SHORTAGE_RETRY_MS = 500;
const SHORTAGE_MAX_MS = 8_000;

/**
 * Returns the delay before a restart that the machine could not carry out is tried again.
 *
 * @param attempts How often in a row it could not.
 * @returns The delay in milliseconds.
 */
export function shortageDelayMs(attempts: number): number {
  return Math.min(SHORTAGE_RETRY_MS * 2 ** attempts, SHORTAGE_MAX_MS);
}
