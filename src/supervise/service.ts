/**
 * One supervised service: feeds what happens into the transition table and carries out what the
 * table answers with.
 *
 * @module
 */

import { HaleError, messageOf } from "../errors.ts";
import type { ServiceSpec } from "../model/service_spec.ts";
import type {
  DesiredState,
  Exit,
  Health,
  LaunchRecord,
  ProcessIdentity,
  ServiceState,
  ServiceStatus,
} from "../model/service_state.ts";
import type { ServiceSnapshot } from "../model/snapshots.ts";
import type { Survivor } from "../spawn/stop_group.ts";
import { ActiveLaunch, type LaunchContext } from "./active_launch.ts";
import type { Effects, RuntimeRecords } from "./effects.ts";
import { judgeEnd, type Verdict } from "./judge_end.ts";
import {
  NO_RESTARTS,
  recallHistory,
  recordHistory,
  type RestartHistory,
} from "./restart_policy.ts";
import { type ServiceEvent, transition } from "./transition.ts";
import { unhealthyLaunch } from "./unhealthy_launch.ts";

/** What a service asks of the runtime it belongs to. */
export interface ServiceSurroundings {
  readonly effects: Effects;
  readonly records: RuntimeRecords;
  /** Settles when everything the service depends on is up; rejects where it never will be. */
  dependenciesReady(spec: ServiceSpec, signal: AbortSignal): Promise<void>;
  /** Something about the service has changed and is recorded. */
  changed(): void;
}

/** What a start needs beside the configuration. Null keeps what the launch before had. */
export interface LaunchInputs {
  /** The executable; absolute. */
  readonly binary: string | null;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>> | null;
}

/** What is told of a change of state. */
interface Change {
  readonly health?: Health;
  readonly exit?: Exit;
  readonly reason?: HaleError;
  readonly launch?: string;
}

/** One service. Dropping it stops nothing. */
export class SupervisedService {
  readonly #around: ServiceSurroundings;
  #snapshot: ServiceSnapshot;
  #env: Readonly<Record<string, string>> | null = null;
  #history: RestartHistory;
  #active: ActiveLaunch | null = null;
  /** Ends what leads to a launch: the pause, waiting for dependencies, looking at the port. */
  #preparing: AbortController | null = null;
  #watching: AbortController | null = null;
  #nextRestartAt: string | null = null;
  #closed = false;

  constructor(snapshot: ServiceSnapshot, around: ServiceSurroundings) {
    this.#snapshot = snapshot;
    this.#around = around;
    this.#history = recallHistory(snapshot, { now: around.effects.now(), wallNow: Date.now() });
  }

  get name(): string {
    return this.#snapshot.service_id;
  }

  get spec(): ServiceSpec {
    return this.#snapshot.spec;
  }

  get snapshot(): ServiceSnapshot {
    return this.#snapshot;
  }

  /** Whether a launch runs, or has not ended for certain. */
  get hasLaunch(): boolean {
    return this.#active !== null;
  }

  /** Whether a supervisor has a reason to stay for this service. */
  get needsSupervisor(): boolean {
    const { state, desired } = this.#snapshot;
    const resting = state === "crashed" || state === "stopped";
    return this.#active !== null || (desired === "running" && !resting);
  }

  get status(): ServiceStatus {
    const { spec, state, desired, health, launch, last_exit, binary, config_digest, reason } =
      this.#snapshot;
    const active = this.#active;
    const ranMs = active === null ? null : this.#around.effects.now() - active.startedAt;
    return {
      name: this.name,
      state,
      desired,
      health,
      pid: active?.pid ?? null,
      uptime_seconds: ranMs === null ? null : Math.floor(ranMs / 1000),
      restarts: this.#history.total,
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

  /**
   * Takes over a newer configuration. A launch that runs keeps what it was started with until the
   * next start; the status then says that it has changed.
   */
  configure(spec: ServiceSpec, digest: string): void {
    if (digest !== this.#snapshot.config_digest) this.#save({ spec, config_digest: digest });
  }

  /**
   * Starts the service. Quiet where it already runs.
   *
   * @param inputs What to run.
   * @returns False where it was already running or starting.
   * @throws {HaleError} `not_managed` If the service has no program.
   */
  start(inputs: LaunchInputs): boolean {
    if (this.spec.program.kind === "unmanaged") {
      throw new HaleError(
        "not_managed",
        `${this.name} is only watched: hale has no program to start for it. ` +
          "Give it a `command` or a `release` in hale.toml.",
        { fields: { service: this.name } },
      );
    }
    this.#keep(inputs);
    this.#want("running");
    const { state } = this.#snapshot;
    if (state === "unmanaged") {
      this.#stopWatching();
      this.#change("stopped", { health: "unknown" });
    }
    // While `stopping`, the wish alone is enough: the end of the launch looks at it.
    return this.#feed("start") || state === "stopping";
  }

  /** Watches what somebody else runs in the service's place, and never signals it. */
  watchUnmanaged(): void {
    if (this.#active !== null) return;
    this.#want("running");
    const unseen: Health = this.spec.health === null ? "unknown" : "starting";
    if (this.#snapshot.state !== "unmanaged") this.#change("unmanaged", { health: unseen });
    if (this.#watching !== null) return;
    this.#setHealth(unseen, null);
    this.#watchHealth(null);
  }

  /**
   * Stops the service. Quiet where it does not run.
   *
   * @returns False where there was nothing to stop.
   */
  stop(): boolean {
    this.#want("stopped");
    const { state } = this.#snapshot;
    if (state === "unmanaged") {
      this.#stopWatching();
      this.#setHealth("unknown", null);
      return false;
    }
    this.#feed("stop");
    return state !== "stopped" && state !== "crashed";
  }

  /**
   * Stops the service if it runs, and starts it again after `restart.pause`.
   *
   * @param inputs What to run.
   */
  restart(inputs: LaunchInputs): void {
    this.#keep(inputs);
    if (this.#active === null) {
      this.start(inputs);
      return;
    }
    this.#feed("stop");
    this.#want("running");
  }

  /**
   * Takes up where another supervisor left off: called once, after loading.
   *
   * @param identity Whose pid the recorded launch has; null where there is none or it left no word.
   * @param alive Whether that process still runs.
   */
  resume(identity: ProcessIdentity | null, alive: boolean): void {
    const { state, desired, launch } = this.#snapshot;
    if (state === "unmanaged") {
      if (desired === "running") this.#watchHealth(null);
    } else if (launch === null) {
      if (state === "stopping") this.#feed("ended_done");
      else if (state === "starting" || state === "backoff") {
        this.#change("stopped", {});
        if (desired === "running") this.#feed("start");
      }
    } else if (identity === null || !alive) {
      if (desired === "stopped" && state !== "stopping") this.#feed("stop");
      else this.#finish({ record: launch, ranMs: null, verdict: null }, UNKNOWN_EXIT);
    } else {
      this.#adopt(ActiveLaunch.adopt(this.#context(), launch, identity));
    }
  }

  /** Lets go: timers and watches end, the process runs on. */
  close(): void {
    this.#closed = true;
    this.#preparing?.abort();
    this.#stopWatching();
    this.#active?.release();
  }

  #adopt(active: ActiveLaunch): void {
    const { state, desired, health } = this.#snapshot;
    this.#hold(active);
    this.#around.records.appendTranscript(this.name, {
      type: "adopted",
      launch: active.record.id,
      pid: active.pid,
    });
    if (state === "stopping") this.#endLaunch();
    else if (desired === "stopped") this.#feed("stop");
    else if (state === "starting") this.#awaitReady(active);
    else if (this.spec.health !== null) this.#watchHealth(health === "healthy");
  }

  /** Feeds an event into the table. False: it means nothing in this state. */
  #feed(event: ServiceEvent, change: Change = {}): boolean {
    const next = transition(this.#snapshot.state, event);
    if (next === null || this.#closed) return false;
    if (next.actions.includes("reset_restarts")) this.#history = NO_RESTARTS;
    if (next.actions.includes("cancel_restart")) this.#cancelPreparing();
    this.#change(next.to, change);
    if (next.actions.includes("end_launch")) this.#endLaunch();
    if (next.actions.includes("launch")) this.#beginLaunch();
    return true;
  }

  #beginLaunch(): void {
    // Between a crash and the restart nothing is waited for.
    if (this.#history.total > 0) {
      this.#spawn();
      return;
    }
    const signal = this.#prepare();
    (async () => {
      try {
        await this.#around.dependenciesReady(this.spec, signal);
        const taken = await this.#around.effects.portTaken(this.spec, signal);
        if (taken !== null) throw taken;
        if (!signal.aborted) this.#spawn();
      } catch (error) {
        if (!signal.aborted) this.#feed("start_failed", { reason: asHaleError(error) });
      }
    })();
  }

  #spawn(): void {
    this.#preparing = null;
    const { binary, config_digest } = this.#snapshot;
    try {
      if (binary === null) {
        throw new HaleError(
          "binary_not_found",
          `${this.name} has no executable yet. Run \`hale up ${this.name}\` to find one.`,
        );
      }
      const active = ActiveLaunch.start(this.#context(), {
        binary,
        configDigest: config_digest,
        // On record before there is a process: a kill of this supervisor in between loses nothing.
        intend: (launch) => this.#saveOrFail({ launch, last_exit: null }),
      });
      this.#hold(active);
      this.#awaitReady(active);
      this.#around.records.appendTranscript(this.name, {
        type: "launched",
        launch: active.record.id,
        pid: active.pid,
        binary,
        args: this.spec.args,
        automatic: this.#history.total > 0,
      });
    } catch (error) {
      this.#save({ launch: null });
      this.#feed("start_failed", { reason: asHaleError(error) });
    }
  }

  #context(): LaunchContext {
    this.#env ??= this.#around.records.readEnvironment(this.name);
    return {
      spec: this.spec,
      env: this.#env,
      effects: this.#around.effects,
      paths: this.#around.records.paths(this.name),
    };
  }

  #hold(active: ActiveLaunch): void {
    this.#active = active;
    const current = () => this.#active === active && !this.#closed;
    active.identified.then((launch) => {
      if (current()) this.#save({ launch });
    });
    active.ended.then(({ exit, strays }) => {
      if (!current()) return;
      this.#active = null;
      active.release();
      active.forget();
      if (strays.length > 0) this.#tellSurvivors(strays, "left its group and still run");
      this.#finish(active, exit);
    });
  }

  #awaitReady(active: ActiveLaunch): void {
    const { health } = this.spec;
    if (health === null) {
      this.#feed("ready");
      return;
    }
    active.pollHealth(health).then((outcome) => {
      if (this.#active !== active || this.#closed || outcome === null) return;
      if (outcome.kind !== "healthy") {
        active.verdict = unhealthyLaunch(this.spec, outcome);
        this.#feed("give_up");
        return;
      }
      if (!this.#feed("ready", { health: "healthy" })) return;
      this.#watchHealth(true);
      this.#around.records.appendTranscript(this.name, {
        type: "healthy",
        launch: active.record.id,
        after_ms: outcome.afterMs,
      });
    });
  }

  #endLaunch(): void {
    const active = this.#active;
    if (active === null) {
      this.#cancelPreparing();
      this.#save({ launch: null });
      this.#settle({ kind: "done" }, {});
      return;
    }
    active.end(this.spec.stop, (left) => this.#tellSurvivors(left, "cannot be killed"));
  }

  /** A launch is over: its process has ended and nobody of its group is left. */
  #finish(
    { record, ranMs, verdict: cause }: {
      record: LaunchRecord;
      /** Null where nobody of ours saw the end. */
      ranMs: number | null;
      verdict: HaleError | null;
    },
    exit: Exit,
  ): void {
    this.#stopWatching();
    const { effects, records } = this.#around;
    const launch = record.id;
    const stderr = effects.tail(records.paths(this.name).stderr, record.stderr_offset);
    const verdict = this.#snapshot.state === "stopping"
      ? { kind: "done" } as const
      : judgeEnd(this.spec, this.#history, { record, ranMs: ranMs ?? 0, cause, exit, stderr }, {
        now: effects.now(),
        random: effects.random(),
      });
    this.#save({ launch: null, last_exit: exit });
    this.#settle(verdict, { exit, launch });
    const ran_ms = ranMs === null ? null : Math.round(ranMs);
    records.appendTranscript(this.name, { type: "exited", launch, exit, ran_ms, stderr });
  }

  #settle(verdict: Verdict, change: Change): void {
    const { state } = this.#snapshot;
    if (verdict.kind === "retry") {
      this.#history = verdict.history;
      this.#nextRestartAt = new Date(Date.now() + verdict.delayMs).toISOString();
      this.#feed("ended_retry", { ...change, reason: verdict.reason });
      this.#after(verdict.delayMs, () => this.#feed("pause_over"));
    } else if (verdict.kind === "final") {
      this.#feed("ended_final", { ...change, reason: verdict.reason });
    } else {
      // It was done by itself: nobody wants it to run any more.
      if (state !== "stopping") this.#want("stopped");
      this.#feed("ended_done", change);
      // Asked to start while the launch before was still ending.
      if (state === "stopping" && this.#snapshot.desired === "running") {
        this.#after(this.spec.restart.pause_ms, () => this.#feed("start"));
      }
    }
  }

  /** Does something after a pause that {@linkcode cancelPreparing} ends; at once where there is none. */
  #after(pauseMs: number, act: () => void): void {
    if (pauseMs === 0) {
      act();
      return;
    }
    const signal = this.#prepare();
    const timer = setTimeout(act, pauseMs);
    signal.addEventListener("abort", () => clearTimeout(timer));
  }

  #prepare(): AbortSignal {
    this.#preparing = new AbortController();
    return this.#preparing.signal;
  }

  #cancelPreparing(): void {
    this.#preparing?.abort();
    this.#preparing = null;
  }

  #watchHealth(healthy: boolean | null): void {
    const { health } = this.spec;
    if (health === null) return;
    this.#stopWatching();
    this.#watching = new AbortController();
    this.#around.effects.watchHealth(health, {
      signal: this.#watching.signal,
      healthy,
      ...(this.#active === null ? {} : { launch: this.#active.probeLaunch }),
      onChange: (isHealthy, detail) => this.#setHealth(isHealthy ? "healthy" : "unhealthy", detail),
    });
  }

  #stopWatching(): void {
    this.#watching?.abort();
    this.#watching = null;
  }

  #tellSurvivors(survivors: readonly Survivor[], what: string): void {
    const names = survivors.map(({ pid, command }) => `${command} (pid ${pid})`).join(", ");
    this.#around.records.appendEvent({
      type: "diagnostic",
      service: this.name,
      code: "survivors_left",
      message: `Processes of ${this.name} ${what}: ${names}`,
    });
    this.#around.changed();
  }

  #keep({ binary, env }: LaunchInputs): void {
    if (binary !== null) this.#save({ binary });
    if (env === null) return;
    this.#env = env;
    this.#around.records.saveEnvironment(this.name, env);
  }

  #want(desired: DesiredState): void {
    if (this.#snapshot.desired !== desired) this.#save({ desired });
  }

  #setHealth(health: Health, detail: string | null): void {
    const from = this.#snapshot.health;
    if (from === health || this.#closed) return;
    this.#save({ health });
    this.#around.records.appendEvent({
      type: "health_changed",
      service: this.name,
      from,
      to: health,
      launch: this.#snapshot.launch?.id ?? null,
      detail,
    });
    this.#around.changed();
  }

  #change(to: ServiceState, change: Change): void {
    const from = this.#snapshot.state;
    if (to === from) return;
    const waiting: Health = this.spec.health === null ? "unknown" : "starting";
    const health = change.health ?? (to === "starting" ? waiting : "unknown");
    if (to !== "backoff") this.#nextRestartAt = null;
    const reason = change.reason?.toJSON() ?? null;
    this.#save({
      state: to,
      health,
      reason,
      ...recordHistory(this.#history, { now: this.#around.effects.now(), wallNow: Date.now() }),
    });
    this.#around.records.appendEvent({
      type: "state_changed",
      service: this.name,
      from,
      to,
      desired: this.#snapshot.desired,
      health,
      launch: change.launch ?? this.#snapshot.launch?.id ?? null,
      pid: this.#active?.pid ?? null,
      exit: change.exit ?? null,
      restarts: this.#history.total,
      next_restart_at: this.#nextRestartAt,
      reason,
    });
    this.#around.changed();
  }

  /** A full disk must not take a service down: it is told, and supervision goes on. */
  #save(change: Partial<ServiceSnapshot>): void {
    try {
      this.#saveOrFail(change);
    } catch (error) {
      this.#around.records.problem(error);
    }
  }

  #saveOrFail(change: Partial<ServiceSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    this.#around.records.saveService(this.#snapshot);
  }
}

const UNKNOWN_EXIT: Exit = { exit_code: null, signal: null };

function asHaleError(error: unknown): HaleError {
  return error instanceof HaleError
    ? error
    : new HaleError("spawn_failed", messageOf(error), { cause: error });
}
