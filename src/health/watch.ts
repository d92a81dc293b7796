/**
 * Monitors the health of a running service.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import type { WatchedCheck } from "../model/health_spec.ts";
import { probe } from "./probe.ts";
import type { ProbeLaunch, ProbeResult } from "./types.ts";

/** Settings of {@linkcode watchHealth}. */
export interface WatchOptions {
  /** Stops monitoring. */
  readonly signal: AbortSignal;
  readonly launch?: ProbeLaunch;
  /** Health before the first check; null: unknown, so the first check decides. */
  readonly healthy: boolean | null;
  /**
   * Called on each change of health. `detail`: why the check failed, null if it passed. `ran`: whether
   * the last check could be run; one that could not says nothing about the service.
   */
  readonly onChange: (healthy: boolean, detail: string | null, ran: boolean) => void;
  /** Called with the answer of each check that passes, before `onChange`. */
  readonly onPass?: ((body: Readonly<Record<string, unknown>>) => void) | undefined;
}

/**
 * Checks a service every `interval_ms` and reports changes. `successes` consecutive passed checks
 * make it healthy, `failures` consecutive failed ones make it unhealthy, `failures` consecutive ones
 * that could not be run too. A check of kind `log` is not repeated: a line that was logged stays
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
      if (verdict === known) continue;
      const isDecided = inARow >= (verdict === "healthy" ? health.successes : health.failures);
      if (known !== null && !isDecided) continue;
      known = verdict;
      const detail = result.kind === "healthy" ? null : result.reason;
      options.onChange(verdict === "healthy", detail, verdict !== "not_run");
    }
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
}

type Verdict = "healthy" | "unhealthy" | "not_run";

function verdictOf({ kind }: ProbeResult): Verdict {
  return kind === "healthy" || kind === "not_run" ? kind : "unhealthy";
}
