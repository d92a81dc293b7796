/**
 * Whether services that a command waits for are ready, have failed, or may still become either.
 *
 * @module
 */

import type { Diagnostic, EventRecord, StateChanged } from "../../model/records.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { ErrorRecord } from "../../errors.ts";
import type { ServiceState, ServiceStatus } from "../../model/service_state.ts";
import type { Survivor } from "../../model/survivor.ts";

/** The state of a service for a caller that waits for it. */
export type Settlement = "up" | "failed" | "pending";

/**
 * Returns whether a command that starts a job waits until it has completed. A job with a health check is
 * a server that must not be restarted: the command waits until it is healthy.
 *
 * @param spec The service.
 */
export function isAwaitedJob(
  { restart, health }: Pick<ServiceSpec, "restart" | "health">,
): boolean {
  return restart.policy === "never" && health === null;
}

/**
 * Returns whether a service is up, has failed, or is still pending.
 *
 * @param status Status of the service.
 * @param options `awaitsCompletion`: whether it is a job that must complete.
 * @returns The settlement.
 */
export function settlementOf(
  status: Pick<ServiceStatus, "state" | "desired" | "health"> & {
    readonly done?: boolean;
    /** @default false */
    readonly has_health_check?: boolean;
    readonly survivors?: readonly Survivor[];
  },
  { awaitsCompletion }: { readonly awaitsCompletion: boolean },
): Settlement {
  const { state, desired, health, done, survivors = [], has_health_check: isChecked } = status;
  // A check failed or is overdue, and the next ones decide.
  const isUndecided = health === "starting" ||
    health === "unknown" && isChecked === true && desired === "running";
  // The next launch waits for them, for an unknown time.
  if (survivors.length > 0) return "failed";
  switch (state) {
    case "crashed":
      return "failed";
    case "stopped":
      return done ? "up" : desired === "running" ? "pending" : "failed";
    case "unmanaged":
      return health === "unhealthy" ? "failed" : isUndecided ? "pending" : "up";
    case "running":
      // With `health.start` a service is running before it is healthy.
      return awaitsCompletion || isUndecided ? "pending" : "up";
    default:
      return "pending";
  }
}

/** Tracks the settlement of services by their events. */
export class SettlementWatch {
  readonly #awaited: ReadonlySet<string>;
  /** Services that were stopped on request. */
  readonly stoppedByOthers = new Set<string>();
  /** Why the last launch of a service failed. */
  readonly lastFailure = new Map<string, ErrorRecord>();
  readonly #settled = new Map<string, Settlement>();
  readonly #states = new Map<string, ServiceState>();

  /**
   * @param statuses Status of the services when the wait starts.
   * @param options `started`: services that are being started, whose state comes from the events.
   * `awaited`: those of them that are jobs and must complete.
   */
  constructor(
    statuses: readonly ServiceStatus[],
    options: { readonly started: ReadonlySet<string>; readonly awaited: ReadonlySet<string> },
  ) {
    this.#awaited = options.awaited;
    for (const status of statuses) {
      // An older supervisor does not send them.
      const isStuck = (status.survivors ?? []).length > 0;
      if (isStuck || !options.started.has(status.name)) this.observeStatus(status);
      else this.#settled.set(status.name, "pending");
    }
  }

  /** Whether a service is neither up nor failed. */
  isPending(name: string): boolean {
    return this.#settled.get(name) === "pending";
  }

  /** Takes over a status that is newer than all observed events. */
  observeStatus(status: ServiceStatus): void {
    this.#settle(status.name, status);
  }

  /** Takes over an event. */
  observe(event: EventRecord): void {
    if (event.type === "state_changed") this.#observeState(event);
    else if (event.type === "diagnostic") this.#observeDiagnostic(event);
    else if (event.type === "health_changed" && this.isPending(event.service)) {
      const { service, to: health } = event;
      const state = this.#states.get(service) ?? "unmanaged";
      // Only these settle by a change of health alone.
      if (state !== "unmanaged" && state !== "running") return;
      this.#settle(service, { state, desired: "running", health, has_health_check: true });
    }
  }

  #observeDiagnostic({ service, code }: Diagnostic): void {
    if (code !== "survivors_left" || service === null || !this.isPending(service)) return;
    this.#settled.set(service, "failed");
  }

  #observeState(event: StateChanged): void {
    const { service, from, to: state, desired, health, done, reason } = event;
    this.#settle(service, { state, desired, health, done: done ?? false });
    if (reason !== null) this.lastFailure.set(service, reason);
    const wasRequested = state === "stopped" && from === "stopping" && desired === "stopped";
    if (wasRequested) this.stoppedByOthers.add(service);
    else this.stoppedByOthers.delete(service);
  }

  #settle(name: string, status: Parameters<typeof settlementOf>[0]): void {
    const awaitsCompletion = this.#awaited.has(name);
    this.#states.set(name, status.state);
    this.#settled.set(name, settlementOf(status, { awaitsCompletion }));
  }
}
