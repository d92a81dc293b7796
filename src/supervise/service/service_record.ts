/**
 * What is on record of one service: its snapshot, its events, its transcript. It decides nothing.
 *
 * @module
 */

import type { HaleError } from "../../errors.ts";
import type { TranscriptData } from "../../model/records.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type {
  DesiredState,
  Exit,
  Health,
  LaunchRecord,
  ServiceState,
  ServiceStatus,
} from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import type { Survivor } from "../../spawn/stop_group.ts";
import type { Effects, RuntimeRecords } from "../effects.ts";
import { removePidFile } from "../launch/launch_files.ts";
import { recallHistory, recordHistory, type RestartHistory } from "../exit/restart_policy.ts";
import { ServiceAudit } from "./service_audit.ts";

/** What is told of a change of state. */
export interface Change {
  readonly health?: Health;
  readonly exit?: Exit;
  readonly reason?: HaleError;
  /** Before the restart, in milliseconds. */
  readonly pauseMs?: number;
}

/** What a record needs of the rest. */
export interface RecordContext {
  readonly effects: Pick<Effects, "now" | "tail">;
  readonly records: RuntimeRecords;
  /** Something about the service has changed and is recorded. */
  changed(): void;
}

/** The states in which there may be a launch. */
const HAS_LAUNCH: ReadonlySet<ServiceState> = new Set(["starting", "running", "stopping"]);

/** The record of one service. */
export class ServiceRecord {
  /** What the restart policy remembers. Kept with the next change of state. */
  history: RestartHistory;
  readonly audit: ServiceAudit;
  readonly #context: RecordContext;
  #snapshot: ServiceSnapshot;
  #nextRestartAt: string | null = null;

  /**
   * @param snapshot As the store has it.
   * @param around Where it is kept, and whom to tell.
   */
  constructor(snapshot: ServiceSnapshot, around: RecordContext) {
    this.#snapshot = snapshot;
    this.#context = around;
    this.audit = new ServiceAudit(around.records, () => this.#snapshot);
    this.history = recallHistory(snapshot, { now: around.effects.now(), wallNow: Date.now() });
  }

  get snapshot(): ServiceSnapshot {
    return this.#snapshot;
  }

  get name(): string {
    return this.#snapshot.service_id;
  }

  /**
   * How the service stands.
   *
   * @param active Its launch, where one runs.
   * @returns For people and programs; no value of its environment is in it.
   */
  status(active: { readonly pid: number; readonly ranMs: number } | null): ServiceStatus {
    const { spec, state, desired, health, launch, last_exit, binary, config_digest, reason } =
      this.#snapshot;
    return {
      name: this.name,
      state,
      desired,
      health,
      pid: active?.pid ?? null,
      uptime_seconds: active === null ? null : Math.floor(active.ranMs / 1000),
      restarts: this.history.total,
      exit_code: last_exit?.exit_code ?? null,
      signal: last_exit?.signal ?? null,
      endpoint: spec.endpoint,
      version: spec.version,
      binary,
      config_changed: active !== null && launch?.config_digest !== config_digest,
      next_restart_at: this.#nextRestartAt,
      reason,
    };
  }

  /** Keeps a newer configuration. */
  configure(spec: ServiceSpec, digest: string): void {
    const { config_digest, spec: known } = this.#snapshot;
    // Limits of logs are no part of the digest: the launch that runs gets the new ones as well.
    const sameLogs = JSON.stringify(spec.logs) === JSON.stringify(known.logs);
    if (digest !== config_digest || !sameLogs) this.save({ spec, config_digest: digest });
  }

  /** Keeps what is wanted of the service. */
  setDesired(desired: DesiredState): void {
    if (this.#snapshot.desired !== desired) this.save({ desired });
  }

  /** Keeps a change at the end of this turn. */
  save(change: Partial<ServiceSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    this.#context.records.saveService(this.#snapshot);
  }

  /**
   * Keeps the intent to launch before it returns: a kill of this supervisor between it and the
   * process loses nothing.
   *
   * @throws {HaleError} `store_io` If it cannot be written.
   */
  recordIntent(launch: LaunchRecord): void {
    this.#snapshot = { ...this.#snapshot, launch, last_exit: null };
    this.#context.records.commitService(this.#snapshot);
  }

  /**
   * Puts a change of state on record and tells it.
   *
   * @param to The new state.
   * @param change What else is known.
   * @param pid Of the launch that runs.
   */
  enter(to: ServiceState, change: Change, pid: number | null): void {
    const { state: from, spec, launch } = this.#snapshot;
    if (to === from) return;
    const waiting: Health = spec.health === null ? "unknown" : "starting";
    const health = change.health ?? (to === "starting" ? waiting : "unknown");
    const now = this.#context.effects.now();
    this.#nextRestartAt = to === "backoff"
      ? new Date(Date.now() + (change.pauseMs ?? 0)).toISOString()
      : null;
    const reason = change.reason?.toJSON() ?? null;
    this.save({
      state: to,
      health,
      reason,
      // One write: whoever reads it after a kill finds a launch exactly where there may be one.
      ...(HAS_LAUNCH.has(to) ? {} : { launch: null }),
      ...(change.exit === undefined ? {} : { last_exit: change.exit }),
      ...recordHistory(this.history, { now, wallNow: Date.now() }),
    });
    this.#context.records.appendEvent({
      type: "state_changed",
      service: this.name,
      from,
      to,
      desired: this.#snapshot.desired,
      health,
      launch: launch?.id ?? null,
      pid,
      exit: change.exit ?? null,
      restarts: this.history.total,
      next_restart_at: this.#nextRestartAt,
      reason,
    });
    // That it has ended by itself is told already.
    if (reason !== null && reason.code !== "service_exited") {
      const { code, message } = reason;
      this.appendTranscript({
        type: "failed",
        launch: launch?.id ?? null,
        reason: { code, message },
      });
    }
    this.#context.changed();
  }

  /** Puts a change of health on record and tells it. */
  setHealth(health: Health, detail: string | null): void {
    const { health: from, launch } = this.#snapshot;
    if (from === health) return;
    this.save({ health });
    this.#context.records.appendEvent({
      type: "health_changed",
      service: this.name,
      from,
      to: health,
      launch: launch?.id ?? null,
      detail,
    });
    this.#context.changed();
  }

  /** Tells of processes that are still there. */
  tellSurvivors(survivors: readonly Survivor[], what: string): void {
    const names = survivors.map(({ pid, command }) => `${command} (pid ${pid})`).join(", ");
    this.#context.records.appendEvent({
      type: "diagnostic",
      service: this.name,
      code: "survivors_left",
      message: `Processes of ${this.name} ${what}: ${names}`,
    });
    this.#context.changed();
  }

  /** Appends to the service's own story. */
  appendTranscript(entry: TranscriptData): void {
    this.#context.records.appendTranscript(this.name, entry);
  }

  /** The last lines that a launch wrote to standard error; none where they cannot be read. */
  stderrTail(launch: LaunchRecord): readonly string[] {
    const { effects, records } = this.#context;
    try {
      return effects.tail(records.paths(this.name).stderr, launch.stderr_offset);
    } catch (error) {
      records.problem(error);
      return [];
    }
  }

  /** Removes what only a running launch needs. */
  removePidFile(launch: LaunchRecord): void {
    const { records } = this.#context;
    try {
      removePidFile(records.paths(this.name), launch);
    } catch (error) {
      records.problem(error);
    }
  }
}
