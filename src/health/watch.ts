/**
 * Going on watching a service that was healthy once.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import type { HealthSpec } from "../model/service_spec.ts";
import { probe } from "./probe.ts";
import type { ProbeLaunch } from "./types.ts";

/** Settings of {@linkcode watchHealth}. */
export interface WatchOptions {
  /** Ends the watch. */
  readonly signal: AbortSignal;
  readonly launch?: ProbeLaunch;
  /** What is known when the watch begins; null: nobody has looked yet, the first check decides. */
  readonly healthy: boolean | null;
  /** Called when it changes, with what the check saw. */
  readonly onChange: (healthy: boolean, detail: string | null) => void;
}

/**
 * Checks every `interval_ms` and tells of changes: `successes` good checks in a row make a service
 * healthy, `failures` bad ones make it unhealthy. A log line is seen once and for all, so such a
 * check is not repeated.
 *
 * @param health What to check and how often.
 * @param options The signal that ends the watch, and whom to tell.
 * @returns When the signal ends it.
 */
export async function watchHealth(health: HealthSpec, options: WatchOptions): Promise<void> {
  if (health.check.kind === "log") return;
  let healthy = options.healthy;
  let failed = 0;
  let good = 0;
  try {
    for (let first = true;; first = false) {
      if (healthy === true || !first) await delay(health.interval_ms, { signal: options.signal });
      const result = await probe(health.check, {
        timeoutMs: health.timeout_ms,
        signal: options.signal,
        launch: options.launch,
      });
      const isHealthy = result.kind === "healthy";
      failed = isHealthy ? 0 : failed + 1;
      good = isHealthy ? good + 1 : 0;
      if (isHealthy === healthy) continue;
      const enough = isHealthy ? good >= health.successes : failed >= health.failures;
      if (healthy !== null && !enough) continue;
      healthy = isHealthy;
      options.onChange(healthy, result.kind === "healthy" ? null : result.reason);
    }
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
}
