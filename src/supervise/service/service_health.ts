/**
 * The health of one service: whether its launch becomes ready, and how it answers from then on.
 *
 * @module
 */

import type { HaleError } from "../../errors.ts";
import { reportedVersion } from "../../model/reported_version.ts";
import type { ServiceStatus } from "../../model/service_state.ts";
import { failedCheckError } from "../exit/health_error.ts";
import type { ActiveLaunch } from "../launch/active_launch.ts";
import { waitForReadiness } from "../launch/readiness.ts";
import { HealthMonitor, type KnownHealth } from "./health_monitor.ts";
import { type Moment, overdueCheck } from "./last_pass.ts";
import type { ServiceContext } from "./service_context.ts";
import type { Change, ServiceRecord } from "./service_record.ts";

/** What {@linkcode ServiceHealth} asks of the state machine. */
export interface HealthCallbacks {
  /** Called when a launch is ready. Returns false if the service is in no state for that. */
  readonly onReady: (change: Change) => boolean;
  /** Called when a launch does not become ready, or is to be restarted because of a check. */
  readonly onGiveUp: (active: ActiveLaunch, reason: HaleError) => void;
}

/** Decides whether a launch is ready, and monitors the health of the service. */
export class ServiceHealth {
  readonly #record: ServiceRecord;
  readonly #context: Pick<ServiceContext, "effects" | "records">;
  readonly #callbacks: HealthCallbacks;
  readonly #monitor: HealthMonitor;
  /** When a check passed last, or the monitoring began; null before that. */
  #passed: Moment | null = null;
  /** Cancels the wait for `ready_after`. */
  #cancelReady: () => void = () => {};

  /**
   * @param record The record of the service.
   * @param options Effects and callbacks.
   */
  constructor(
    record: ServiceRecord,
    options: HealthCallbacks & { readonly context: Pick<ServiceContext, "effects" | "records"> },
  ) {
    this.#record = record;
    this.#context = options.context;
    this.#callbacks = options;
    this.#monitor = new HealthMonitor(options.context.effects);
  }

  get isMonitoring(): boolean {
    return this.#monitor.isRunning;
  }

  /**
   * Waits until a launch is ready, then monitors its health.
   *
   * @param active The launch.
   * @param isCurrent Whether it is still the launch of the service.
   */
  async waitForReadiness(active: ActiveLaunch, isCurrent: () => boolean): Promise<void> {
    const spec = this.#record.launchedSpec;
    const { health } = spec;
    if (health === null) {
      this.#readyAfter(active, isCurrent);
      return;
    }
    const readiness = await waitForReadiness(active, health.start ?? health, {
      spec,
      effects: this.#context.effects,
      isRestart: this.#record.history.total > 0,
      onProblem: (error) => this.#context.records.problem(error),
    });
    if (readiness === null || !isCurrent()) return;
    if (readiness.kind === "failed") {
      this.#callbacks.onGiveUp(active, readiness.reason);
      return;
    }
    this.#record.setReportedVersion(readiness.version);
    const reached = health.start === null ? "healthy" : "starting";
    // Before the change: those who wait for it read the status.
    this.#passed = this.#moment();
    if (!this.#callbacks.onReady({ health: reached })) return;
    active.readyAt = this.#context.effects.now();
    this.monitor(active, reached === "healthy" ? true : reached);
    if (reached === "healthy") this.#recordHealthy(active);
  }

  /**
   * Starts to monitor the health of the service.
   *
   * @param active Its launch; null if hale has started none.
   * @param known Health so far.
   */
  monitor(active: ActiveLaunch | null, known: KnownHealth): void {
    const spec = this.#record.launchedSpec;
    const { health } = spec;
    if (health === null) return;
    this.#passed = this.#moment();
    this.#monitor.start(health, {
      known,
      launch: active?.probeLaunch ?? null,
      onPass: (body) => {
        this.#recordPass();
        this.#record.setReportedVersion(reportedVersion(health.check, body));
      },
      onChange: ({ health, detail }) => {
        const isFirst = this.#record.snapshot.health === "starting";
        this.#record.setHealth(health, detail);
        if (health === "healthy" && isFirst && active !== null) {
          this.#recordHealthy(active);
        }
      },
      onRestart: (failed) =>
        active && this.#callbacks.onGiveUp(active, failedCheckError(spec, failed)),
    });
  }

  /** Monitors an adopted launch. What the earlier supervisor knew may be outdated. */
  monitorAdopted(active: ActiveLaunch): void {
    this.monitor(active, this.#adoptedHealth());
  }

  /**
   * Returns a status with the health as it is known now: `unknown` if the check is overdue.
   *
   * @param status The status as it is recorded.
   */
  asOfNow(status: ServiceStatus): ServiceStatus {
    const overdue = status.health === "healthy" ? this.#overdue() : null;
    return overdue === null ? status : { ...status, health: "unknown", health_detail: overdue };
  }

  /** Stops waiting and monitoring. */
  stop(): void {
    this.#monitor.stop();
    this.#cancelReady();
    this.#passed = null;
  }

  /** Health is unknown until a check has decided. */
  #adoptedHealth(): KnownHealth {
    const { launchedSpec: spec, snapshot: { health } } = this.#record;
    // A line that was logged stays logged, and its file may have been rotated since.
    if (spec.health?.check.kind === "log" && health !== "starting") return health === "healthy";
    if (spec.health !== null && health !== "starting") {
      this.#record.forgetHealth("not checked yet by this supervisor");
    }
    return "starting";
  }

  #overdue(): string | null {
    const { health } = this.#record.launchedSpec;
    if (health === null || this.#passed === null) return null;
    return overdueCheck(health, this.#passed, this.#moment());
  }

  /** Keeps the time of a pass. A status that said `unknown` until now is in the events, too. */
  #recordPass(): void {
    const overdue = this.#record.snapshot.health === "healthy" ? this.#overdue() : null;
    this.#passed = this.#moment();
    if (overdue === null) return;
    this.#record.setHealth("unknown", overdue);
    this.#record.setHealth("healthy", null);
  }

  #moment(): Moment {
    return { now: this.#context.effects.now(), wallNow: Date.now() };
  }

  /** A launch without a health check is ready when it has run for `ready_after`. */
  #readyAfter(active: ActiveLaunch, isCurrent: () => boolean): void {
    const { effects } = this.#context;
    const isReady = () => {
      if (!isCurrent() || active.hasExited) return;
      if (this.#callbacks.onReady({})) active.readyAt = effects.now();
    };
    const leftMs = this.#record.launchedSpec.ready_after_ms - active.ranMs;
    if (leftMs <= 0) isReady();
    else this.#cancelReady = effects.after(leftMs, isReady);
  }

  #recordHealthy(active: ActiveLaunch): void {
    const { id: launch } = active.record;
    // Since its launch, also if an earlier supervisor launched it.
    const after_ms = Math.round(active.ranMs);
    this.#record.appendTranscript({ type: "healthy", launch, after_ms });
  }
}
