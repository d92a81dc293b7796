/**
 * The services of one runtime: starting and stopping them in the order of their dependencies, and
 * streaming their events.
 *
 * @module
 */

import type { Actor } from "../../model/audit_record.ts";
import type { EventPosition, EventRecord } from "../../model/records.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { ServiceStatus, StartKind } from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import { isSameConfig } from "../../model/same_config.ts";
import { unknownService } from "../../model/unknown_service.ts";
import type { Effects, RuntimeRecords } from "../effects.ts";
import type { DependencyStatus } from "../dependencies.ts";
import { dependenciesFirst, stoppedBefore } from "../dependency_order.ts";
import type { StopReport } from "../launch/stop_report.ts";
import { ChangeListeners } from "./change_listeners.ts";
import { checkRemovable } from "./check_removable.ts";
import { newSnapshot } from "./new_snapshot.ts";
import type { ServiceHandover, StartOutcome } from "./service_handover.ts";
import { streamEvents } from "./stream_events.ts";
import { SupervisedService } from "../service/service.ts";
import type { TimeSlicedQueue } from "../../async/time_sliced_queue.ts";

/** Exits take longer to process only if other members of the group ignore the stop signal. */
const EXITS_TIMEOUT_MS = 1_000;

/** One runtime. */
export class SupervisedRuntime {
  readonly #effects: Effects;
  readonly #records: RuntimeRecords;
  readonly #services = new Map<string, SupervisedService>();
  readonly #changes = new ChangeListeners();
  readonly #queue: TimeSlicedQueue;
  readonly #onChange: () => void;

  /**
   * @param snapshots The services in the store.
   * @param options `onChange`: called after every change of a service; the rest is what services need.
   */
  constructor(
    snapshots: readonly ServiceSnapshot[],
    options: {
      effects: Effects;
      records: RuntimeRecords;
      queue: TimeSlicedQueue;
      onChange: () => void;
    },
  ) {
    this.#effects = options.effects;
    this.#records = options.records;
    this.#queue = options.queue;
    this.#onChange = options.onChange;
    for (const snapshot of snapshots) this.#add(snapshot);
  }

  get id(): string {
    return this.#records.runtimeId;
  }

  get records(): RuntimeRecords {
    return this.#records;
  }

  /** Whether the supervisor must keep running for this runtime. */
  get needsSupervisor(): boolean {
    return this.services.some((service) => service.needsSupervisor);
  }

  get services(): readonly SupervisedService[] {
    return [...this.#services.values()];
  }

  /**
   * Returns a service by name.
   *
   * @throws {HaleError} `unknown_service` If there is none.
   */
  service(name: string): SupervisedService {
    const service = this.#services.get(name);
    if (service !== undefined) return service;
    throw unknownService(name, this.id, this.#services.keys());
  }

  status(): readonly ServiceStatus[] {
    return this.services.map((service) => service.status);
  }

  /**
   * Applies the configuration of services. Starts none.
   *
   * @param handovers The services.
   */
  configure(handovers: readonly Pick<ServiceHandover, "spec" | "config_digest">[]): void {
    const changed = handovers.filter(({ spec, config_digest }) => {
      const known = this.#services.get(spec.name);
      return known === undefined || !isSameConfig(known.snapshot.config_digest, config_digest);
    });
    for (const { spec, config_digest } of handovers) {
      const known = this.#services.get(spec.name);
      if (known === undefined) this.#add(newSnapshot(this.id, { spec, config_digest }));
      else known.configure(spec, config_digest);
    }
    if (changed.length > 0) {
      const services = changed.map(({ spec }) => spec.name);
      this.#records.appendEvent({ type: "config_applied", service: null, services });
    }
    this.#changed();
  }

  /**
   * Starts services, dependencies first.
   *
   * @param handovers The services, already configured.
   * @param how `start` does not touch running services; `up` restarts those whose configuration has
   * changed; `restart` restarts all.
   * @param actor Who requests the start. @default hale itself
   * @returns The outcomes, by service name.
   * @throws {HaleError} `not_managed` If a service has no program to start.
   * @throws {HaleError} `policy_denied` If a running service would be restarted and the policy denies
   * its start. It keeps running.
   */
  start(
    handovers: readonly ServiceHandover[],
    how: StartKind,
    actor: Actor | null = null,
  ): Readonly<Record<string, StartOutcome>> {
    // All or nothing: check every service before starting any.
    for (const handover of handovers) this.#checkStartable(handover, how, actor);
    const outcomes: Record<string, StartOutcome> = {};
    for (const handover of dependenciesFirst(handovers)) {
      outcomes[handover.spec.name] = this.#startOne(handover, how, actor);
    }
    return outcomes;
  }

  /**
   * Stops services, dependents first, and waits until they have exited or have survived SIGKILL.
   *
   * @param names Names of the services.
   * @param actor Who requests the stop. @default hale itself
   * @returns The names of those that were not already stopped.
   */
  async stop(
    names: readonly string[],
    actor: Actor | null = null,
  ): Promise<readonly string[]> {
    const stopping = new Set(names.map((name) => this.service(name)));
    const stopped: string[] = [];
    const stopOne = async (service: SupervisedService) => {
      const dependents = stoppedBefore(service.name, this.services)
        .filter((dependent) => stopping.has(dependent));
      await Promise.all(dependents.map((dependent) => this.#exited(dependent)));
      if (service.stop(actor)) stopped.push(service.name);
      await this.#exited(service);
    };
    await Promise.all([...stopping].map(stopOne));
    return stopped;
  }

  /**
   * Removes stopped services, with their logs and their history. All or none.
   *
   * @param names Names of the services.
   * @param actor Who requests the removal. @default hale itself
   * @returns The names, each with the path of its data that was kept, or null.
   * @throws {HaleError} `unknown_service` If there is no service of a name.
   * @throws {HaleError} `already_running` If one is not stopped, or a running service depends on it.
   * @throws {HaleError} `store_io` If a file cannot be removed.
   */
  async remove(
    names: readonly string[],
    actor: Actor | null = null,
  ): Promise<Readonly<Record<string, string | null>>> {
    // A file must not be synced while it is removed.
    await this.#records.flush();
    const removed = [...new Set(names)].map((name) => this.service(name));
    for (const service of removed) checkRemovable(service, removed, this.services);
    const kept: Record<string, string | null> = {};
    for (const service of removed) {
      const { name } = service;
      this.#records.audit({ server: name, action: "remove", actor });
      this.#records.flushAudit(); // First: a removal that a kill interrupts can be repeated.
      kept[name] = this.#records.removeService(name);
      service.close();
      this.#services.delete(name);
      this.#records.appendEvent({ type: "service_removed", service: name });
    }
    this.#changed();
    return kept;
  }

  /**
   * Returns how the last launches of services ended.
   *
   * @param names Names of the services.
   * @returns The reports, by name, of those that had to be killed or left processes.
   */
  stopReports(names: readonly string[]): Readonly<Record<string, StopReport>> {
    return Object.fromEntries(names.flatMap((name) => {
      const report = this.service(name).stopReport;
      const isSilent = report === null || (report.killed === null && report.survivors.length === 0);
      return isSilent ? [] : [[name, report]];
    }));
  }

  /**
   * Streams events: those after a position, then new ones. They are read from the log on disk, so a
   * slow reader delays nothing except the removal of events that it has not read.
   *
   * @param after The position.
   * @param signal Ends the stream.
   */
  watch(after: EventPosition, signal: AbortSignal): AsyncGenerator<EventRecord> {
    return streamEvents(this.#records, this.#changes, { after, signal });
  }

  /** Waits until all observed exits are processed, for one second at most. */
  async exitsProcessed(): Promise<void> {
    const timeout = AbortSignal.timeout(EXITS_TIMEOUT_MS);
    const isDone = () => !this.services.some(({ hasUnprocessedExit }) => hasUnprocessedExit);
    await this.#changes.waitFor(isDone, timeout);
  }

  /** Stops supervising. The processes keep running. */
  async close(): Promise<void> {
    for (const service of this.services) {
      service.close();
      // Save again, in case the files were damaged: the next supervisor must find every launch.
      this.#records.saveService(service.snapshot);
    }
    await this.#records.close();
  }

  #add(snapshot: ServiceSnapshot): void {
    const service = new SupervisedService(snapshot, {
      effects: this.#effects,
      records: this.#records,
      queue: this.#queue,
      dependencies: (spec) => this.#dependencies(spec),
      waitFor: (condition, signal) => this.#changes.waitFor(condition, signal),
      changed: () => this.#changed(),
    });
    this.#services.set(service.name, service);
  }

  #checkStartable(
    { spec, external, replace }: ServiceHandover,
    how: StartKind,
    actor: Actor | null,
  ): void {
    const service = this.service(spec.name);
    if (!external && how !== "up") service.checkManaged();
    if (!external && (replace || mustRestart(service, how))) service.checkReplaceable(actor);
  }

  #startOne(
    handover: ServiceHandover,
    how: StartKind,
    actor: Actor | null,
  ): StartOutcome {
    const service = this.service(handover.spec.name);
    const wasRunning = service.hasLaunch;
    if (handover.external || (handover.spec.program.kind === "unmanaged" && how === "up")) {
      service.watchUnmanaged();
      return "watched";
    }
    // The executable was resolved for this configuration.
    if (handover.binary !== null) service.configureLaunch(handover.spec, handover.config_digest);
    if (handover.replace || mustRestart(service, how)) {
      service.restart(handover, actor);
      return wasRunning ? "restarted" : "started";
    }
    if (!handover.rerun && service.isCompleted) return "done";
    return service.start(handover, actor) ? "started" : "already_running";
  }

  #dependencies(spec: ServiceSpec): readonly DependencyStatus[] {
    return spec.depends_on.map(({ service, condition }) => ({
      condition,
      status: this.service(service).status,
    }));
  }

  async #exited(service: SupervisedService): Promise<void> {
    const { signal } = new AbortController();
    await this.#changes.waitFor(() => !service.hasLaunch || service.isStuck, signal);
  }

  #changed(): void {
    this.#changes.notify();
    this.#onChange();
  }
}

function mustRestart(service: SupervisedService, how: StartKind): boolean {
  return how === "restart" || (how === "up" && service.status.config_changed);
}
