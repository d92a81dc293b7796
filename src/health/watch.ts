/**
 * Monitors the health of a running service.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import type { HealthSpec } from "../model/service_spec.ts";
import { probe } from "./probe.ts";
import type { ProbeLaunch } from "./types.ts";

/** Settings of {@linkcode watchHealth}. */
export interface WatchOptions {
  /** Stops monitoring. */
  readonly signal: AbortSignal;
  readonly launch?: ProbeLaunch;
  /** Health before the first check; null: unknown, so the first check decides. */
  readonly healthy: boolean | null;
  /** Called on each change of health. `detail`: why the check failed, null if it passed. */
  readonly onChange: (healthy: boolean, detail: string | null) => void;
}

/**
 * Checks a service every `interval_ms` and reports changes. `successes` consecutive passed checks
 * make it healthy, `failures` consecutive failed ones make it unhealthy. A check of kind `log` is
 * not repeated: a line that was logged stays logged.
 *
 * @param health What to check and how often.
 * @param options The signal that stops monitoring, the health so far, and the callback.
 * @returns When the signal aborts.
 */
export async function watchHealth(health: HealthSpec, options: WatchOptions): Promise<void> {
  if (health.check.kind === "log") return;
  let healthy = options.healthy;
  let failures = 0;
  let successes = 0;
  try {
    for (let first = true;; first = false) {
      if (healthy === true || !first) await delay(health.interval_ms, { signal: options.signal });
      const result = await probe(health.check, {
        timeoutMs: health.timeout_ms,
        signal: options.signal,
        launch: options.launch,
      });
      const isHealthy = result.kind === "healthy";
      failures = isHealthy ? 0 : failures + 1;
      successes = isHealthy ? successes + 1 : 0;
      if (isHealthy === healthy) continue;
      const isDecided = isHealthy ? successes >= health.successes : failures >= health.failures;
      if (healthy !== null && !isDecided) continue;
      healthy = isHealthy;
      options.onChange(healthy, result.kind === "healthy" ? null : result.reason);
    }
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
}
