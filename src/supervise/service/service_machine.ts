/**
 * The life of one service: feeds what happens into the transition table and carries out what the table
 * answers with.
 *
 * @module
 */

import { asHaleError, HaleError } from "../../errors.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import {
  type Exit,
  type LaunchRecord,
  type ProcessIdentity,
  type ServiceState,
  UNKNOWN_EXIT,
} from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import { ActiveLaunch, type EndedLaunch, type LaunchContext } from "../launch/active_launch.ts";
import { waitForReadiness } from "../launch/readiness.ts";
import { finishLaunch } from "./finish_launch.ts";
import { HealthWatch } from "./health_watch.ts";
import type { ExitDecision } from "../exit/decide_restart.ts";
import { Preflight } from "./preflight.ts";
import { PendingStart } from "./pending_start.ts";
import { NO_RESTARTS } from "../exit/restart_policy.ts";
import { type Change, ServiceRecord } from "./service_record.ts";
import type { ServiceContext } from "./service_context.ts";
import { type ServiceEvent, transition } from "./transition.ts";
import { becameUnhealthy } from "../exit/health_error.ts";

/** One service. It does what the table says; who asks for what is decided elsewhere. */
export class ServiceMachine {
  readonly record: ServiceRecord;
  readonly watch: HealthWatch;
  readonly #context: ServiceContext;
  /** What would lead to a launch. */
  readonly preparation: PendingStart;
  readonly #gate: Preflight;
  #env: Readonly<Record<string, string>> | null = null;
  #active: ActiveLaunch | null = null;
  #closed = false;

  constructor(snapshot: ServiceSnapshot, around: ServiceContext) {
    this.#context = around;
    this.record = new ServiceRecord(snapshot, around);
    this.watch = new HealthWatch(around.effects);
    this.preparation = new PendingStart(around.effects);
    this.#gate = new Preflight(around, this.preparation);
  }

  get snapshot(): ServiceSnapshot {
    return this.record.snapshot;
  }

  get spec(): ServiceSpec {
    return this.snapshot.spec;
  }

  /** The launch that runs, or has not ended for certain. */
  get active(): ActiveLaunch | null {
    return this.#active;
  }

  /** Keeps the environment of the launches to come. */
  keepEnvironment(env: Readonly<Record<string, string>>): void {
    this.#env = env;
    this.#context.records.saveEnvironment(this.record.name, env);
  }

  /**
   * Tells of something that happened.
   *
   * @param event What.
   * @param change What is known beside it.
   * @returns False where it means nothing in this state.
   */
  feed(event: ServiceEvent, change: Change = {}): boolean {
    const next = transition(this.snapshot.state, event);
    if (next === null || this.#closed) return false;
    if (next.actions.includes("reset_restarts")) this.record.history = NO_RESTARTS;
    if (next.actions.includes("cancel_restart")) this.preparation.cancel();
    this.enter(next.to, change);
    if (next.actions.includes("end_launch")) this.#endLaunch();
    if (next.actions.includes("schedule_restart")) {
      this.preparation.after(change.pauseMs ?? 0, () => this.feed("pause_over"));
    }
    if (next.actions.includes("launch")) this.beginLaunch();
    return true;
  }

  /** Goes to a state as it is, without what the table would do on the way. */
  enter(to: ServiceState, change: Change): void {
    this.record.enter(to, change, this.#active?.pid ?? null);
  }

  /** Launches as soon as nothing speaks against it. */
  beginLaunch(): void {
    this.#gate.ask({
      spec: this.spec,
      binary: this.snapshot.binary,
      isRestart: this.record.history.total > 0,
      enter: () => this.#spawn(),
      refuse: (reason) => {
        if (reason.code === "policy_denied") this.record.audit.denied(reason);
        this.feed("start_failed", { reason });
      },
    });
  }

  /**
   * Takes over a launch of another supervisor.
   *
   * @param launch Its record.
   * @param identity Its process, proven to be running.
   */
  adopt(launch: LaunchRecord, identity: ProcessIdentity): void {
    const active = ActiveLaunch.adopt(this.#launchContext(), launch, identity);
    const { state, desired, health } = this.snapshot;
    active.wasReady = state === "running";
    this.#hold(active);
    this.record.audit.adopted(active);
    this.record.appendTranscript({ type: "adopted", launch: active.record.id, pid: active.pid });
    if (state === "stopping") this.#endLaunch();
    else if (desired === "stopped") this.feed("stop");
    else if (state === "starting") this.#awaitReady(active);
    else if (this.spec.health !== null) this.watchHealth(health === "healthy");
  }

  /** Takes note of the end of a launch that nobody of ours saw. */
  finishUnseen(record: LaunchRecord): void {
    const wasReady = this.snapshot.state === "running";
    this.#finish({ record, ranMs: null, wasReady, giveUpReason: null }, UNKNOWN_EXIT);
  }

  /**
   * Decides what follows from an end.
   *
   * @param decision What follows.
   * @param change What is known of it.
   */
  settle(decision: ExitDecision, change: Change): void {
    const { state } = this.snapshot;
    if (decision.kind === "retry") {
      this.record.history = decision.history;
      this.feed("ended_retry", { ...change, reason: decision.reason, pauseMs: decision.delayMs });
    } else if (decision.kind === "final") {
      this.feed("ended_final", { ...change, reason: decision.reason });
    } else {
      // It was done by itself: nobody wants it to run any more.
      if (state !== "stopping") this.record.setDesired("stopped");
      this.feed("ended_done", change);
      // Asked to start while the launch before was still ending.
      if (state === "stopping" && this.snapshot.desired === "running") {
        this.preparation.after(this.spec.restart.pause_ms, () => this.feed("start"));
      }
    }
  }

  /**
   * Watches the service's health from now on.
   *
   * @param healthy How it was seen last; null: never.
   */
  watchHealth(healthy: boolean | null): void {
    const { health } = this.spec;
    if (health === null) return;
    this.watch.begin(health, {
      healthy,
      launch: this.#active?.probeLaunch ?? null,
      onChange: (isHealthy, detail) => {
        this.record.setHealth(isHealthy ? "healthy" : "unhealthy", detail);
        if (isHealthy || health.on_unhealthy !== "restart" || this.#active === null) return;
        this.#giveUp(this.#active, becameUnhealthy(this.spec, detail));
      },
    });
  }

  /** Lets go: timers and watches end, the process runs on. */
  close(): void {
    this.#closed = true;
    this.preparation.cancel();
    this.watch.end();
    this.#active?.release();
  }

  #spawn(): void {
    this.preparation.done();
    const { binary, config_digest } = this.snapshot;
    try {
      if (binary === null) {
        throw new HaleError(
          "binary_not_found",
          `${this.record.name} has no executable yet. Run \`hale up ${this.record.name}\` to find one.`,
        );
      }
      const active = ActiveLaunch.start(this.#launchContext(), {
        binary,
        configDigest: config_digest,
        recordIntent: (launch) => this.record.recordIntent(launch),
      });
      this.#hold(active);
      this.record.audit.launched(active, this.record.history.total);
      this.#awaitReady(active);
      this.record.appendTranscript({
        type: "launched",
        launch: active.record.id,
        pid: active.pid,
        binary,
        args: this.spec.args,
        automatic: this.record.history.total > 0,
        config_digest: active.record.config_digest,
      });
    } catch (error) {
      this.feed("start_failed", { reason: asHaleError(error, "spawn_failed") });
    }
  }

  #launchContext(): LaunchContext {
    this.#env ??= this.#context.records.readEnvironment(this.record.name);
    return {
      spec: this.spec,
      env: this.#env,
      effects: this.#context.effects,
      paths: this.#context.records.paths(this.record.name),
      onKilled: (launch) => this.record.audit.killed(launch),
      onProblem: (error) => this.#context.records.problem(error),
    };
  }

  #hold(active: ActiveLaunch): void {
    this.#active = active;
    const current = () => this.#active === active && !this.#closed;
    active.identified.then((launch) => {
      if (current()) this.record.save({ launch });
    });
    active.ended.then(({ exit, escaped }) =>
      this.#context.queue.enqueue(() => {
        if (!current()) return;
        this.#active = null;
        active.release();
        this.record.removePidFile(active.record);
        if (escaped.length > 0) this.record.tellSurvivors(escaped, "left its group and still run");
        this.#finish(active, exit);
      })
    );
  }

  async #awaitReady(active: ActiveLaunch): Promise<void> {
    const { health } = this.spec;
    if (health === null) {
      active.wasReady = this.feed("ready");
      return;
    }
    const found = await waitForReadiness(active, health, {
      spec: this.spec,
      effects: this.#context.effects,
      isRestart: this.record.history.total > 0,
      onProblem: (error) => this.#context.records.problem(error),
    });
    if (found === null || this.#active !== active || this.#closed) return;
    if (found.kind === "failed") {
      this.#giveUp(active, found.reason);
      return;
    }
    if (!this.feed("ready", { health: "healthy" })) return;
    active.wasReady = true;
    this.watchHealth(true);
    const { id: launch } = active.record;
    this.record.appendTranscript({ type: "healthy", launch, after_ms: found.afterMs });
  }

  #endLaunch(): void {
    const active = this.#active;
    if (active === null) {
      this.preparation.cancel();
      this.settle({ kind: "done" }, {});
      return;
    }
    active.end(this.spec.stop, (left) => this.record.tellSurvivors(left, "cannot be killed"));
  }

  /** A launch is over: its process has ended and nobody of its group is left. */
  #finish(ended: EndedLaunch, exit: Exit): void {
    this.watch.end();
    this.settle(finishLaunch(this.record, ended, exit, this.#context.effects), { exit });
  }

  #giveUp(active: ActiveLaunch, reason: HaleError): void {
    if (active.giveUpReason === null) {
      this.record.audit.stopped(active, { actor: null, reason: reason.message });
    }
    active.giveUpReason = reason;
    this.feed("give_up");
  }
}
