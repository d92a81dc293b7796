/**
 * The supervisor of all runtimes of a home. There is one supervisor process per home.
 *
 * @module
 */

import { asHaleError, HaleError } from "../../errors.ts";
import type { ProcessIdentity } from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import type { Effects, RuntimeRecords } from "../effects.ts";
import { recoverLaunches } from "../launch/recover_launches.ts";
import { SupervisedRuntime } from "./runtime.ts";
import { TimeSlicedQueue } from "../../async/time_sliced_queue.ts";

/** A runtime as loaded from the store. */
export interface StoredRuntime {
  readonly records: RuntimeRecords;
  readonly services: readonly ServiceSnapshot[];
}

/** Options of {@linkcode Supervisor}. */
export interface SupervisorOptions {
  readonly effects: Effects;
  /** Opens a runtime's records and creates them if missing. */
  openRuntime(id: string, configPath: string | null): StoredRuntime;
  /** Returns whether the store has a runtime. */
  isStored(id: string): boolean;
  /** Returns the pids of the processes that are still running. */
  stillRunning(identities: readonly ProcessIdentity[]): Promise<ReadonlySet<number>>;
  readonly version: string;
  /** Idle time after which the supervisor finishes, in milliseconds. Null: never. */
  readonly idleTimeoutMs: number | null;
  /** Called when there is something to supervise, or nothing any more. @default does nothing */
  readonly onBusy?: (isBusy: boolean) => void;
}

/** Returns the error for a request to a supervisor that is shutting down. */
export function shuttingDown(): HaleError {
  return new HaleError(
    "supervisor_unavailable",
    "The supervisor is shutting down. Run the command again.",
  );
}

/** Supervises the services of a home. Closing it stops none of them. */
export class Supervisor {
  /** Runs the work of the services. Status requests have priority. */
  readonly queue = new TimeSlicedQueue();
  readonly #options: SupervisorOptions;
  readonly #runtimes = new Map<string, Promise<SupervisedRuntime>>();
  readonly #open: SupervisedRuntime[] = [];
  readonly #finished = Promise.withResolvers<void>();
  /** Cancels the end after the idle timeout. Null while the supervisor is not idle. */
  #cancelIdle: (() => void) | null = null;
  #keepAlives = 0;
  #isBusy = false;
  #ending = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Resolves when the supervisor has been idle for its timeout, or {@linkcode finish} is called. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /**
   * Reconciles the runtimes of an earlier supervisor: adopts running launches and applies the restart
   * policy to those that exited.
   *
   * @param ids The runtimes of the home.
   * @returns The errors of runtimes that could not be loaded, by id. Such runtimes are not modified.
   */
  async resume(ids: readonly string[]): Promise<ReadonlyMap<string, HaleError>> {
    const failed = new Map<string, HaleError>();
    for (const id of ids) {
      try {
        await this.runtime(id);
      } catch (error) {
        failed.set(id, asHaleError(error, "store_io"));
      }
    }
    this.#checkIdle();
    return failed;
  }

  /** The runtimes that are open. */
  get runtimes(): readonly SupervisedRuntime[] {
    return this.#open;
  }

  /**
   * Returns whether a runtime exists, open or not.
   *
   * @param id Id of the runtime.
   */
  hasRuntime(id: string): boolean {
    return this.#runtimes.has(id) || this.#options.isStored(id);
  }

  /**
   * Returns a runtime by id. Opens or creates it if needed.
   *
   * @param id Id of the runtime.
   * @param configPath Path of its `hale.toml`. @default null
   * @throws {HaleError} `supervisor_unavailable` If the supervisor is shutting down.
   */
  async runtime(id: string, configPath: string | null = null): Promise<SupervisedRuntime> {
    if (this.#ending) throw shuttingDown();
    let runtime = this.#runtimes.get(id);
    if (runtime === undefined) {
      runtime = this.#load(id, configPath);
      this.#runtimes.set(id, runtime);
      runtime.catch(() => this.#runtimes.delete(id));
    }
    return await runtime;
  }

  /**
   * Keeps the supervisor from finishing, for example during a request.
   *
   * @returns A function that ends this. Further calls do nothing.
   */
  keepAlive(): () => void {
    this.#keepAlives++;
    this.#checkIdle();
    let isActive = true;
    return () => {
      if (!isActive) return;
      isActive = false;
      this.#keepAlives--;
      this.#checkIdle();
    };
  }

  /**
   * Polls adopted processes now, which are otherwise polled once a second, so that a status shows no
   * process that has exited.
   */
  async refresh(): Promise<void> {
    if (!await this.#options.effects.pollAdopted()) return;
    await Promise.all(this.#open.map((runtime) => runtime.exitsProcessed()));
  }

  /** Begins the shutdown of the supervisor. The services keep running. */
  finish(): void {
    this.#ending = true;
    this.#finished.resolve();
  }

  /**
   * Gives up all services at once and records nothing: the home belongs to another supervisor, or to none.
   * The services keep running.
   */
  abandon(): void {
    this.finish();
    this.#cancelIdle?.();
    for (const { services } of this.#open) for (const service of services) service.close();
  }

  /** Whether the supervisor is shutting down. Requests must go to the next supervisor. */
  get ending(): boolean {
    return this.#ending;
  }

  /** Closes all runtimes. The services keep running. */
  async close(): Promise<void> {
    this.#ending = true;
    this.#cancelIdle?.();
    await Promise.allSettled(this.#runtimes.values());
    for (const runtime of this.#open) {
      this.#appendEvent(runtime, "supervisor_ended");
      await runtime.close();
    }
  }

  async #load(id: string, configPath: string | null): Promise<SupervisedRuntime> {
    const { records, services } = this.#options.openRuntime(id, configPath);
    const runtime = new SupervisedRuntime(services, {
      effects: this.#options.effects,
      records,
      queue: this.queue,
      onChange: () => this.#checkIdle(),
    });
    try {
      this.#appendEvent(runtime, "supervisor_started");
      const { effects, stillRunning } = this.#options;
      await recoverLaunches(runtime.services, { effects, records, stillRunning });
    } catch (error) {
      await runtime.close();
      throw error;
    }
    this.#open.push(runtime);
    // It was abandoned while the launches were recovered.
    if (this.#ending) { for (const service of runtime.services) service.close(); }
    return runtime;
  }

  #appendEvent(runtime: SupervisedRuntime, type: "supervisor_started" | "supervisor_ended"): void {
    runtime.records.appendEvent({
      type,
      service: null,
      pid: Deno.pid,
      version: this.#options.version,
    });
  }

  #checkIdle(): void {
    const { idleTimeoutMs, onBusy } = this.#options;
    const isBusy = this.#keepAlives > 0 ||
      this.#open.some((runtime) => runtime.needsSupervisor);
    if (isBusy !== this.#isBusy) onBusy?.(isBusy);
    this.#isBusy = isBusy;
    if (idleTimeoutMs === null) return;
    if (!isBusy) {
      this.#cancelIdle ??= this.#options.effects.after(idleTimeoutMs, () => this.finish());
    } else {
      this.#cancelIdle?.();
      this.#cancelIdle = null;
    }
  }
}
