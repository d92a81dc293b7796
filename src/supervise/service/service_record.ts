/**
 * The record of one service: its snapshot, events, transcript and audit records. It makes no decisions.
 *
 * @module
 */

import type { HaleError } from "../../errors.ts";
import type { TranscriptData } from "../../model/records.ts";
import { launchedSpec, specBeside } from "../../model/launched_spec.ts";
import { isSameConfig } from "../../model/same_config.ts";
import { runningVersion } from "../../model/running_version.ts";
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
import type { Effects, RuntimeRecords, TranscriptEntry } from "../effects.ts";
import { removePidFile } from "../launch/launch_files.ts";
import { recallHistory, recordHistory, type RestartHistory } from "../exit/restart_policy.ts";
import { ServiceAudit } from "./service_audit.ts";
import { StopRecords } from "./stop_records.ts";

/** Details to record with a change of state. */
export interface Change {
  readonly health?: Health;
  readonly exit?: Exit;
  readonly reason?: HaleError;
  /** Delay before the restart, in milliseconds. */
  readonly delayMs?: number;
}

/** What a record uses of the runtime. */
export interface RecordContext {
  readonly effects: Pick<Effects, "now" | "tail">;
  readonly records: RuntimeRecords;
  /** Called after a change of the service is recorded. */
  changed(): void;
}

/** The states in which there may be a launch. */
const HAS_LAUNCH: ReadonlySet<ServiceState> = new Set(["starting", "running", "stopping"]);

/** The record of one service. */
export class ServiceRecord {
  /** The restart history. Saved with the next change of state. */
  history: RestartHistory;
  readonly audit: ServiceAudit;
  /** What the service waits for before its launch; null if it does not wait. */
  waitingFor: string | null = null;
  /** Why health is `unknown` or `unhealthy`, as far as that is known. Shown, not stored. */
  #healthDetail: string | null = null;
  readonly stops: StopRecords;
  readonly #context: RecordContext;
  #snapshot: ServiceSnapshot;

  /**
   * @param snapshot The snapshot in the store.
   * @param context Where to record.
   */
  constructor(snapshot: ServiceSnapshot, context: RecordContext) {
    this.#snapshot = snapshot;
    this.#context = context;
    this.audit = new ServiceAudit(context.records, () => this.#snapshot);
    this.stops = new StopRecords(context, { audit: this.audit, snapshot: () => this.#snapshot });
    this.history = recallHistory(snapshot, { now: context.effects.now(), wallNow: Date.now() });
  }

  get snapshot(): ServiceSnapshot {
    return this.#snapshot;
  }

  get name(): string {
    return this.#snapshot.service_id;
  }

  /** See {@linkcode launchedSpec}. */
  get launchedSpec(): ServiceSpec {
    return launchedSpec(this.#snapshot);
  }

  /** Whether the service is a job that has completed. */
  get isDone(): boolean {
    const { state, desired, completed_digest } = this.#snapshot;
    return state === "stopped" && desired === "stopped" && completed_digest !== null;
  }

  /**
   * Returns the status of the service.
   *
   * @param active The active launch; null if there is none.
   * @returns The status. It contains no values of the environment.
   */
  status(
    active: { readonly pid: number; readonly ranMs: number; readonly isClearing: boolean } | null,
  ): ServiceStatus {
    const { spec, state, desired, health, launch, last_exit, binary, config_digest, reason } =
      this.#snapshot;
    const launched = this.launchedSpec;
    // The process has exited, but not all that it left behind.
    const isClearing = active?.isClearing ?? false;
    const isLaunched = active !== null && launch !== null && !isClearing;
    return {
      name: this.name,
      supervised: true,
      state: isClearing ? "stopping" : state,
      desired,
      done: this.isDone,
      waiting_for: state === "starting" ? this.waitingFor : null,
      has_health_check: launched.health !== null,
      health,
      health_detail: this.#healthDetail,
      pid: isClearing ? null : active?.pid ?? null,
      uptime_seconds: active === null || isClearing ? null : Math.floor(active.ranMs / 1000),
      restarts: this.history.total,
      exit_code: last_exit?.exit_code ?? null,
      signal: last_exit?.signal ?? null,
      endpoint: launched.endpoint,
      version: runningVersion(this.#snapshot, { isLaunched }),
      wanted_version: isLaunched ? launch.wanted_version : spec.version,
      binary,
      config_changed: isLaunched && !isSameConfig(launch.config_digest, config_digest),
      next_restart_at: this.#snapshot.next_restart_at,
      survivors: active === null ? [] : this.stops.report?.survivors ?? [],
      reason,
    };
  }

  /** Saves a configuration, if it has changed. With `keepsVersion` only its log limits. */
  configure(spec: ServiceSpec, digest: string, options: { readonly keepsVersion: boolean }): void {
    const { config_digest, spec: current } = this.#snapshot;
    // Log limits are not part of the digest: they apply to the active launch at once.
    const sameLogs = JSON.stringify(spec.logs) === JSON.stringify(current.logs);
    if (options.keepsVersion) {
      if (!sameLogs) this.save({ spec: { ...current, logs: spec.logs } });
    } else if (digest !== config_digest || !sameLogs) {
      this.save({ spec, config_digest: digest, launched_spec: specBeside(this.#snapshot, digest) });
    }
  }

  /** Saves the version that the running program reports; null if it reports none. */
  setReportedVersion(reported_version: string | null): void {
    if (this.#snapshot.reported_version !== reported_version) this.save({ reported_version });
  }

  /** Saves the desired state. */
  setDesired(desired: DesiredState): void {
    if (this.#snapshot.desired !== desired) this.save({ desired });
  }

  /** Changes the snapshot. It is written at the end of the event loop turn. */
  save(change: Partial<ServiceSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    this.#context.records.saveService(this.#snapshot);
  }

  /**
   * Writes the intent to launch synchronously, before there is a process. If this supervisor is killed
   * in between, the next one finds the launch.
   *
   * @throws {HaleError} `store_io` If it cannot be written.
   */
  recordIntent(launch: LaunchRecord): void {
    this.stops.report = null;
    this.#snapshot = {
      ...this.#snapshot,
      launch,
      launched_spec: null,
      last_exit: null,
      completed_digest: null,
      reported_version: null,
    };
    this.#context.records.commitService(this.#snapshot);
  }

  /**
   * Records a change of state and emits its event.
   *
   * @param to The new state.
   * @param change Details of the change.
   * @param pid Pid of the active launch; null if there is none.
   */
  enterState(to: ServiceState, change: Change, pid: number | null): void {
    const { state: from, spec, launch } = this.#snapshot;
    if (to === from) return;
    const initial: Health = spec.health === null ? "unknown" : "starting";
    const health = change.health ?? (to === "starting" ? initial : "unknown");
    const now = this.#context.effects.now();
    const next_restart_at = to === "backoff"
      ? new Date(Date.now() + (change.delayMs ?? 0)).toISOString()
      : null;
    const reason = change.reason?.toJSON() ?? null;
    this.#healthDetail = null;
    this.save({
      state: to,
      health,
      reason,
      next_restart_at,
      // In the same write: after a kill, the snapshot has a launch exactly if there may be one.
      ...(HAS_LAUNCH.has(to) ? {} : { launch: null, launched_spec: null }),
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
      done: this.isDone,
      restarts: this.history.total,
      next_restart_at,
      reason,
    });
    // An exit has its own transcript entry, and a launch that hale gives up on fails once it has exited.
    if (reason !== null && reason.code !== "service_exited" && to !== "stopping") {
      const { code, message } = reason;
      this.appendTranscript({
        type: "failed",
        launch: launch?.id ?? null,
        reason: { code, message },
      });
    }
    this.#context.changed();
  }

  /** Sets what the service waits for before its launch. It is shown, not stored. */
  setWaitingFor(waitingFor: string | null): void {
    if (this.waitingFor === waitingFor) return;
    this.waitingFor = waitingFor;
    this.#context.changed();
  }

  /** Drops what an earlier supervisor knew of the health. */
  forgetHealth(detail: string): void {
    this.#healthDetail = detail;
    this.save({ health: "unknown" });
  }

  /** Records a change of health and emits its event. A new detail alone is shown, but not recorded. */
  setHealth(health: Health, detail: string | null): void {
    const { health: from, launch } = this.#snapshot;
    this.#healthDetail = detail;
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

  /** See {@linkcode RuntimeRecords.appendTranscript}. */
  appendTranscript(entry: TranscriptData): TranscriptEntry {
    return this.#context.records.appendTranscript(this.name, entry);
  }

  /** Returns the last lines of a launch's standard error; none if they cannot be read. */
  stderrTail(launch: LaunchRecord): readonly string[] {
    const { effects, records } = this.#context;
    try {
      return effects.tail(records.paths(this.name).stderr, launch.stderr_offset);
    } catch (error) {
      records.problem(error);
      return [];
    }
  }

  /** Removes the pid file of a launch that is over. */
  removePidFile(launch: LaunchRecord): void {
    const { records } = this.#context;
    try {
      removePidFile(records.paths(this.name), launch);
    } catch (error) {
      records.problem(error);
    }
  }
}
