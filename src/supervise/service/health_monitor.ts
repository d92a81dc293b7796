import type { ProbeLaunch } from "../../health/types.ts";
import type { HealthSpec } from "../../model/service_spec.ts";
import type { Effects } from "../effects.ts";

/** Monitors the health of one service. */
export class HealthMonitor {
  readonly #effects: Pick<Effects, "watchHealth">;
  #running: AbortController | null = null;

  /** @param effects Runs the health checks. */
  constructor(effects: Pick<Effects, "watchHealth">) {
    this.#effects = effects;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /**
   * Starts to monitor, and stops an earlier monitoring.
   *
   * @param health What to check.
   * @param options `healthy`: health so far, null if unknown; `launch`: the launch to check, null if
   * there is none; `onChange`: called on each change, with the reason of a failure.
   */
  start(
    health: HealthSpec,
    { launch, ...options }: {
      readonly healthy: boolean | null;
      readonly launch: ProbeLaunch | null;
      readonly onChange: (isHealthy: boolean, detail: string | null) => void;
    },
  ): void {
    this.stop();
    this.#running = new AbortController();
    this.#effects.watchHealth(health, {
      ...options,
      signal: this.#running.signal,
      ...(launch === null ? {} : { launch }),
    });
  }

  /** Stops monitoring. */
  stop(): void {
    this.#running?.abort();
    this.#running = null;
  }
}
