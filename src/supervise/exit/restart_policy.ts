/**
 * Whether and when a service that ended is started again. Pure: the time and the chance come in.
 *
 * @module
 */

import { isSuccess } from "../../model/exit_success.ts";
import type { RestartSpec } from "../../model/service_spec.ts";
import type { Exit } from "../../model/service_state.ts";

/** What the policy remembers of a service. Times are monotonic milliseconds. */
export interface RestartHistory {
  /** When automatic restarts were decided, oldest first; those outside the window are dropped. */
  readonly restartsAt: readonly number[];
  /** Ends in a row of launches that were not stable: the exponent of the pause. */
  readonly streak: number;
  /** Automatic restarts since a person last started it. */
  readonly total: number;
}

/** The history of a service that a person has just started. */
export const NO_RESTARTS: RestartHistory = { restartsAt: [], streak: 0, total: 0 };

/** How a launch ended, as far as the policy cares. */
export interface ExitFacts {
  readonly exit: Exit;
  /** How long it ran, in milliseconds. */
  readonly ranMs: number;
  /** Whether hale ended it because it was not healthy: a failure whatever its exit status. */
  readonly unhealthy: boolean;
}

/** What {@linkcode nextRestart} decides. */
export type RestartDecision =
  | { readonly kind: "restart"; readonly delayMs: number; readonly history: RestartHistory }
  /** The policy leaves it at that. */
  | { readonly kind: "done" }
  /** The policy forbids a restart of what failed. */
  | { readonly kind: "failed" }
  /** Too many within the window. */
  | { readonly kind: "exhausted"; readonly count: number };

/** Largest share of the pause that chance adds, so that services that died together spread out. */
const JITTER = 0.1;

/**
 * Decides after the end of a launch.
 *
 * @param history What is remembered.
 * @param ended How it ended.
 * @param policy The service's settings.
 * @param options `now`: monotonic milliseconds; `random`: a number in [0, 1).
 * @returns What to do.
 */
export function nextRestart(
  history: RestartHistory,
  ended: ExitFacts,
  policy: RestartSpec,
  options: { readonly now: number; readonly random: number },
): RestartDecision {
  const failed = ended.unhealthy || !isSuccess(ended.exit);
  if (!failed && policy.policy !== "always") return { kind: "done" };
  if (policy.policy === "never") return { kind: "failed" };

  const stable = ended.ranMs >= policy.reset_after_ms;
  const recent = stable
    ? []
    : history.restartsAt.filter((at) => options.now - at < policy.window_ms);
  if (recent.length >= policy.max) return { kind: "exhausted", count: recent.length };
  const streak = stable ? 0 : history.streak + 1;
  return {
    kind: "restart",
    delayMs: pauseBefore(streak, policy, options.random),
    history: {
      restartsAt: [...recent, options.now],
      streak,
      total: history.total + 1,
    },
  };
}

/** Nothing after a stable launch; then `delay_ms`, doubling with every failure in a row. */
function pauseBefore(streak: number, policy: RestartSpec, random: number): number {
  if (streak === 0) return 0;
  const pause = Math.min(policy.max_delay_ms, policy.delay_ms * 2 ** Math.min(streak - 1, 40));
  return Math.round(pause * (1 + JITTER * random));
}

/** A history as the store keeps it. */
export interface RecordedHistory {
  readonly restarts: number;
  /** ISO 8601, oldest first. */
  readonly failures_at: readonly string[];
}

/**
 * A history in the form that outlives this process.
 *
 * @param history The history.
 * @param options `now`: monotonic milliseconds; `wallNow`: milliseconds since the epoch.
 * @returns What to record.
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
 * The history that another supervisor left behind.
 *
 * @param snapshot What it recorded; wall-clock times, which may have jumped: one from the future
 * counts as now.
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
