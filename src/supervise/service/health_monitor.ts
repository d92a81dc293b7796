import type { PollOutcome } from "../../health/poll.ts";
import type { ProbeLaunch } from "../../health/types.ts";
import type { HealthChange } from "../../health/watch.ts";
import type { HealthSpec } from "../../model/health_spec.ts";
import type { Effects } from "../effects.ts";
import type { FailedCheck } from "../exit/health_error.ts";

/**
 * Health before the monitoring. Null: unknown, so the first check decides. `starting`: the launch has
 * succeeded by its start check and has yet to become healthy.
 */
export type KnownHealth = boolean | "starting" | null;

/** Settings of {@linkcode HealthMonitor.start}. */
export interface MonitorOptions {
  readonly known: KnownHealth;
  /** The launch to check; null if there is none. */
  readonly launch: ProbeLaunch | null;
  /** Called on each change of health. */
  readonly onChange: (change: HealthChange) => void;
  /** Called with each answer that passes the health check. */
  readonly onPass: (body: Readonly<Record<string, unknown>>) => void;
  /** Called when the launch is to be restarted: for its liveness, or as `on_unhealthy` says. */
  readonly onRestart: (failed: FailedCheck) => void;
}

/** Monitors the health of one service. */
export class HealthMonitor {
  readonly #effects: Pick<Effects, "pollHealth" | "watchHealth">;
  #running: AbortController | null = null;

  /** @param effects Runs the health checks. */
  constructor(effects: Pick<Effects, "pollHealth" | "watchHealth">) {
    this.#effects = effects;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /**
   * Starts to monitor readiness and liveness, and stops an earlier monitoring.
   *
   * @param health What to check.
   * @param options Health so far, the launch, and the callbacks.
   */
  start(health: HealthSpec, options: MonitorOptions): void {
    this.stop();
    this.#running = new AbortController();
    const { signal } = this.#running;
    this.#watchReadiness(health, { ...options, signal });
    if (health.liveness === null || options.launch === null) return;
    this.#effects.watchHealth(health.liveness, {
      signal,
      launch: options.launch,
      healthy: true,
      onChange: ({ health: verdict, detail, ran }) => {
        // A check that could not be run says nothing about the service.
        if (verdict === "unhealthy" && ran) options.onRestart({ check: "liveness", detail });
      },
    });
  }

  /** Stops monitoring. */
  stop(): void {
    this.#running?.abort();
    this.#running = null;
  }

  async #watchReadiness(
    health: HealthSpec,
    { known, launch, signal, ...options }: MonitorOptions & { readonly signal: AbortSignal },
  ): Promise<void> {
    const onChange = (change: HealthChange) => {
      options.onChange(change);
      const isFailure = change.health === "unhealthy" && change.ran;
      if (!isFailure || health.on_unhealthy !== "restart") return;
      options.onRestart({ check: "health", detail: change.detail });
    };
    let healthy = known === "starting" ? false : known;
    if (known === "starting" && launch !== null) {
      const result = await this.#firstResult(health, { launch, signal });
      if (result === null) return;
      if (result.kind === "healthy") options.onPass(result.body);
      healthy = result.kind === "healthy";
      onChange(
        result.kind === "healthy" ? { health: "healthy", detail: null, ran: true } : {
          health: "unhealthy",
          detail: result.last.reason,
          ran: result.last.kind !== "not_run",
        },
      );
    }
    if (signal.aborted) return;
    const of = launch === null ? {} : { launch };
    await this.#effects.watchHealth(health, {
      signal,
      healthy,
      onChange,
      onPass: options.onPass,
      ...of,
    });
  }

  /** Waits for readiness as for a launch without a start check. Null if the monitoring is stopped. */
  async #firstResult(
    health: HealthSpec,
    options: { readonly launch: ProbeLaunch; readonly signal: AbortSignal },
  ): Promise<PollOutcome | null> {
    try {
      const outcome = await this.#effects.pollHealth(health, options);
      return options.signal.aborted ? null : outcome;
    } catch (error) {
      if (options.signal.aborted) return null;
      throw error;
    }
  }
}
