/**
 * Monitors the health of a running service.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import type { WatchedCheck } from "../model/health_spec.ts";
import { probe } from "./probe.ts";
import type { ProbeLaunch, ProbeResult } from "./types.ts";

/** What a check has changed. */
export interface HealthChange {
  /** `unknown`: it was healthy, and the last check failed, but `failures` have not failed in a row. */
  readonly health: "healthy" | "unknown" | "unhealthy";
  /** Why the check failed; null if it passed. */
  readonly detail: string | null;
  /** Whether the last check could be run; one that could not says nothing about the service. */
  readonly ran: boolean;
}

/** Settings of {@linkcode watchHealth}. */
export interface WatchOptions {
  /** Stops monitoring. */
  readonly signal: AbortSignal;
  readonly launch?: ProbeLaunch;
  /** Health before the first check; null: unknown, so the first check decides. */
  readonly healthy: boolean | null;
  /** Called on each change of health, and when there is more to say about an `unknown` one. */
  readonly onChange: (change: HealthChange) => void;
  /** Called with the answer of each check that passes, before `onChange`. */
  readonly onPass?: ((body: Readonly<Record<string, unknown>>) => void) | undefined;
}

/**
 * Checks a service every `interval_ms` and reports changes. `successes` consecutive passed checks
 * make it healthy, `failures` consecutive failed ones make it unhealthy, `failures` consecutive ones
 * that could not be run too. Before that, a failed check makes the health of a healthy service unknown,
 * and the next passed one healthy again. A check of kind `log` is not repeated: a line that was logged stays
 * logged.
 *
 * @param health What to check and how often.
 * @param options The signal that stops monitoring, the health so far, and the callback.
 * @returns When the signal aborts.
 */
export async function watchHealth(health: WatchedCheck, options: WatchOptions): Promise<void> {
  if (health.check.kind === "log") return;
  let known: Verdict | null = options.healthy === null
    ? null
    : options.healthy
    ? "healthy"
    : "unhealthy";
  let last: Verdict | null = null;
  let inARow = 0;
  let isUnknown = false;
  try {
    for (let first = true;; first = false) {
      if (known === "healthy" || !first) {
        await delay(health.interval_ms, { signal: options.signal });
      }
      const result = await probe(health.check, {
        timeoutMs: health.timeout_ms,
        signal: options.signal,
        launch: options.launch,
      });
      if (result.kind === "healthy") options.onPass?.(result.body);
      const verdict = verdictOf(result);
      inARow = verdict === last ? inARow + 1 : 1;
      last = verdict;
      const ran = verdict !== "not_run";
      const reason = result.kind === "healthy" ? null : result.reason;
      const needed = verdict === "healthy" ? health.successes : health.failures;
      if (verdict === known ? isUnknown : known === null || inARow >= needed) {
        known = verdict;
        isUnknown = false;
        const decided = verdict === "healthy" ? "healthy" : "unhealthy";
        options.onChange({ health: decided, detail: reason, ran });
      } else if (known === "healthy" && verdict !== "healthy") {
        isUnknown = true;
        const detail = `${reason} (failed check ${inARow} of ${health.failures})`;
        options.onChange({ health: "unknown", detail, ran });
      }
    }
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
}

type Verdict = "healthy" | "unhealthy" | "not_run";

function verdictOf({ kind }: ProbeResult): Verdict {
  return kind === "healthy" || kind === "not_run" ? kind : "unhealthy";
}
