/**
 * The services of one runtime: what they are to each other, and who watches them.
 *
 * @module
 */

import type { Actor } from "../../model/audit_record.ts";
import type { EventPosition, EventRecord } from "../../model/records.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { ServiceStatus, StartKind } from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import { unknownService } from "../../model/unknown_service.ts";
import type { Effects, RuntimeRecords } from "../effects.ts";
import { dependenciesReady } from "./dependencies_ready.ts";
import { dependenciesFirst, dependentsOf } from "./dependency_order.ts";
import { type LaunchInputs, SupervisedService } from "../service/service.ts";
import type { TimeSlicedQueue } from "../../async/time_sliced_queue.ts";
import { newServiceSnapshot } from "../service/new_service_snapshot.ts";

/** A service as a command hands it over. */
export interface ServiceHandover extends LaunchInputs {
  readonly spec: ServiceSpec;
  readonly config_digest: string;
  /** Somebody else's program answers at its endpoint and is to be used: watched, never signalled. */
  readonly external: boolean;
}

/** What a request to start did with a service. */
export type StartOutcome = "started" | "restarted" | "already_running" | "watched";

/** Longer only where leftovers of a group ignore being asked to end. */
const SETTLE_MS = 1_000;

/** One runtime. */
export class SupervisedRuntime {
  readonly #effects: Effects;
  readonly #records: RuntimeRecords;
  readonly #services = new Map<string, SupervisedService>();
  readonly #watchers = new Set<() => void>();
  readonly #queue: TimeSlicedQueue;
  readonly #onChange: () => void;

  /**
   * @param snapshots The services that the store knows.
   * @param options What supervision needs, and whom to tell of changes.
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

  /** Whether a supervisor has a reason to stay for this runtime. */
  get needsSupervisor(): boolean {
    return this.services.some((service) => service.needsSupervisor);
  }

  get services(): readonly SupervisedService[] {
    return [...this.#services.values()];
  }

  /**
   * A service by its name.
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
   * Takes over services of a configuration, starting none.
   *
   * @param handovers The services.
   */
  configure(handovers: readonly Pick<ServiceHandover, "spec" | "config_digest">[]): void {
    const changed = handovers.filter(({ spec, config_digest }) =>
      this.#services.get(spec.name)?.snapshot.config_digest !== config_digest
    );
    for (const { spec, config_digest } of handovers) {
      const known = this.#services.get(spec.name);
      if (known === undefined) this.#add(newServiceSnapshot(this.id, spec, config_digest));
      else known.configure(spec, config_digest);
    }
    if (changed.length > 0) {
      const services = changed.map(({ spec }) => spec.name);
      this.#records.appendEvent({ type: "config_applied", service: null, services });
    }
    this.#changed();
  }

  /**
   * Starts services, what they depend on first.
   *
   * @param handovers The services, already configured.
   * @param how `start` leaves alone what runs; `up` restarts it where its configuration has changed;
   * `restart` restarts it anyway.
   * @param actor Who asks. @default hale itself
   * @returns What was done, by name.
   * @throws {HaleError} `policy_denied` If what runs would be replaced and may not be started: it runs
   * on.
   */
  start(
    handovers: readonly ServiceHandover[],
    how: StartKind,
    actor: Actor | null = null,
  ): Readonly<Record<string, StartOutcome>> {
    // All or nothing: what cannot be started is told before anything is.
    for (const handover of handovers) this.#checkStartable(handover, how, actor);
    const outcomes: Record<string, StartOutcome> = {};
    for (const handover of dependenciesFirst(handovers)) {
      outcomes[handover.spec.name] = this.#startOne(handover, how, actor);
    }
    return outcomes;
  }

  /**
   * Stops services, dependents before what they depend on, and waits until they have ended.
   *
   * @param names Which.
   * @param actor Who asks. @default hale itself
   * @returns The names of those that there was something to stop of.
   */
  async stop(
    names: readonly string[],
    actor: Actor | null = null,
  ): Promise<readonly string[]> {
    const stopping = new Set(names.map((name) => this.service(name)));
    const stopped: string[] = [];
    const stopOne = async (service: SupervisedService) => {
      const dependents = dependentsOf(service.name, stopping);
      await Promise.all(dependents.map((dependent) => this.#ended(dependent)));
      if (service.stop(actor)) stopped.push(service.name);
      await this.#ended(service);
    };
    await Promise.all([...stopping].map(stopOne));
    return stopped;
  }

  /**
   * The events after a position, and every one that comes: the log on disk is the queue, so a slow
   * reader holds nothing up but the removal of what it has not read.
   *
   * @param after The position.
   * @param signal Ends the stream.
   */
  async *watch(after: EventPosition, signal: AbortSignal): AsyncGenerator<EventRecord> {
    let seen = after;
    using hold = await this.#records.leaseEvents(after);
    while (!signal.aborted) {
      hold.moveTo(seen);
      const records = await this.#records.readEvents(seen, 500);
      for (const record of records) {
        yield record;
        seen = record.id;
      }
      if (records.length === 0) {
        await this.#nextChange(() => this.#records.lastEventId() > seen, signal);
      }
    }
  }

  /** Waits until what follows from ends that were seen is decided, but not for ever. */
  async settled(): Promise<void> {
    const patience = AbortSignal.timeout(SETTLE_MS);
    await this.#nextChange(() => !this.services.some(({ isEnding }) => isEnding), patience);
  }

  /** Lets go of everything; the processes run on. */
  async close(): Promise<void> {
    for (const service of this.services) {
      service.close();
      // Whatever has become of the files meanwhile, the next supervisor finds every launch.
      this.#records.saveService(service.snapshot);
    }
    await this.#records.close();
  }

  #add(snapshot: ServiceSnapshot): void {
    const service = new SupervisedService(snapshot, {
      effects: this.#effects,
      records: this.#records,
      queue: this.#queue,
      dependenciesReady: (spec, signal) => this.#dependenciesReady(spec, signal),
      changed: () => this.#changed(),
    });
    this.#services.set(service.name, service);
  }

  #checkStartable(
    { spec, external }: ServiceHandover,
    how: StartKind,
    actor: Actor | null,
  ): void {
    const service = this.service(spec.name);
    if (!external && how !== "up") service.checkManaged();
    if (!external && isToRestart(service, how)) service.checkReplaceable(actor);
  }

  #startOne(
    handover: ServiceHandover,
    how: StartKind,
    actor: Actor | null,
  ): StartOutcome {
    const service = this.service(handover.spec.name);
    const runs = service.hasLaunch;
    if (handover.external || (handover.spec.program.kind === "unmanaged" && how === "up")) {
      service.watchUnmanaged();
      return "watched";
    }
    if (isToRestart(service, how)) {
      service.restart(handover, actor);
      return runs ? "restarted" : "started";
    }
    return service.start(handover, actor) ? "started" : "already_running";
  }

  async #dependenciesReady(spec: ServiceSpec, signal: AbortSignal): Promise<void> {
    const dependencies = spec.depends_on.map((name) => this.service(name));
    await this.#nextChange(() => dependenciesReady(spec.name, dependencies), signal);
  }

  async #ended(service: SupervisedService): Promise<void> {
    const { signal } = new AbortController();
    await this.#nextChange(() => !service.hasLaunch, signal);
  }

  /** Waits until something is so; looks now and after every change. */
  #nextChange(isSo: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (act: () => void) => {
        this.#watchers.delete(look);
        signal.removeEventListener("abort", look);
        act();
      };
      const look = () => {
        try {
          if (signal.aborted || isSo()) end(resolve);
        } catch (error) {
          end(() => reject(error));
        }
      };
      this.#watchers.add(look);
      signal.addEventListener("abort", look);
      look();
    });
  }

  #changed(): void {
    for (const look of [...this.#watchers]) look();
    this.#onChange();
  }
}

function isToRestart(service: SupervisedService, how: StartKind): boolean {
  return how === "restart" || (how === "up" && service.status.config_changed);
}
