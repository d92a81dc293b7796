/**
 * The one process that looks after every runtime of a home.
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

/** A runtime as the store has it. */
export interface StoredRuntime {
  readonly records: RuntimeRecords;
  readonly services: readonly ServiceSnapshot[];
}

/** What a supervisor works with. */
export interface SupervisorOptions {
  readonly effects: Effects;
  /** Opens a runtime's records, creating them where there are none. */
  openRuntime(id: string, configPath: string | null): StoredRuntime;
  /** Whether the store has a runtime. */
  isStored(id: string): boolean;
  /** Which of some processes still run. */
  stillRunning(identities: readonly ProcessIdentity[]): Promise<ReadonlySet<number>>;
  readonly version: string;
  /** After this long with nothing to look after it ends by itself, in milliseconds. Null: never. */
  readonly idleTimeoutMs: number | null;
}

/** Looks after the services of a home. Letting go of it stops none of them. */
export class Supervisor {
  /** What services do takes turns; who only looks goes first. */
  readonly queue = new TimeSlicedQueue();
  readonly #options: SupervisorOptions;
  readonly #runtimes = new Map<string, Promise<SupervisedRuntime>>();
  readonly #open: SupervisedRuntime[] = [];
  readonly #finished = Promise.withResolvers<void>();
  /** Calls off the end for idleness. */
  #cancelIdle: (() => void) | null = null;
  #busy = 0;
  #ending = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Settles when the supervisor has nothing left to look after, or was asked to end. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /**
   * Takes over what another supervisor left: adopts what runs, applies the policy to what does not.
   *
   * @param ids The runtimes of the home.
   * @returns What could not be loaded, by runtime; such a runtime is left untouched.
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
   * Whether there is a runtime, open or not.
   *
   * @param id RuntimeId.
   */
  knows(id: string): boolean {
    return this.#runtimes.has(id) || this.#options.isStored(id);
  }

  /**
   * A runtime by its id; it is opened, or created, where that has not happened.
   *
   * @param id RuntimeId.
   * @param configPath The `hale.toml` it belongs to, where the caller knows.
   * @throws {HaleError} `supervisor_unavailable` If the supervisor is about to end.
   */
  async runtime(id: string, configPath: string | null = null): Promise<SupervisedRuntime> {
    if (this.#ending) {
      throw new HaleError("supervisor_unavailable", "This supervisor is ending. Try again.");
    }
    let runtime = this.#runtimes.get(id);
    if (runtime === undefined) {
      runtime = this.#load(id, configPath);
      this.#runtimes.set(id, runtime);
      runtime.catch(() => this.#runtimes.delete(id));
    }
    return await runtime;
  }

  /**
   * Keeps the supervisor from ending while something is being done for somebody.
   *
   * @returns Lets go again; doing so twice does nothing.
   */
  keepAlive(): () => void {
    this.#busy++;
    this.#checkIdle();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#busy--;
      this.#checkIdle();
    };
  }

  /**
   * Sees what has become of adopted processes, which are otherwise looked at once a second: nobody
   * who asks is told of a process that is gone.
   */
  async refresh(): Promise<void> {
    if (!await this.#options.effects.lookAtAdopted()) return;
    await Promise.all(this.#open.map((runtime) => runtime.settled()));
  }

  /** Asks the supervisor to end. The services run on. */
  finish(): void {
    this.#ending = true;
    this.#finished.resolve();
  }

  /** Whether it is about to end: what is asked of it now must be asked of the next one. */
  get ending(): boolean {
    return this.#ending;
  }

  /** Lets go of every runtime; the services run on. */
  async close(): Promise<void> {
    this.#ending = true;
    this.#cancelIdle?.();
    await Promise.allSettled(this.#runtimes.values());
    for (const runtime of this.#open) {
      this.#tell(runtime, "supervisor_ended");
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
      this.#tell(runtime, "supervisor_started");
      const { effects, stillRunning } = this.#options;
      await recoverLaunches(runtime.services, { effects, records, stillRunning });
    } catch (error) {
      await runtime.close();
      throw error;
    }
    this.#open.push(runtime);
    return runtime;
  }

  #tell(runtime: SupervisedRuntime, type: "supervisor_started" | "supervisor_ended"): void {
    runtime.records.appendEvent({
      type,
      service: null,
      pid: Deno.pid,
      version: this.#options.version,
    });
  }

  #checkIdle(): void {
    const { idleTimeoutMs } = this.#options;
    if (idleTimeoutMs === null) return;
    const idle = this.#busy === 0 && !this.#open.some((runtime) => runtime.needsSupervisor);
    if (idle) {
      this.#cancelIdle ??= this.#options.effects.after(idleTimeoutMs, () => this.finish());
    } else {
      this.#cancelIdle?.();
      this.#cancelIdle = null;
    }
  }
}
