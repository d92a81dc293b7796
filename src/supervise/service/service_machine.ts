/**
 * The state machine of one service: dispatches events to the transition table and carries out the
 * resulting actions.
 *
 * @module
 */

import { asHaleError, HaleError } from "../../errors.ts";
import { passingFault } from "../../files/io_error.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import {
  type Exit,
  type LaunchRecord,
  type ProcessIdentity,
  type ServiceState,
  UNKNOWN_EXIT,
} from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import type { ActiveLaunch } from "../launch/active_launch.ts";
import { type EndedLaunch, unobservedEnd } from "../launch/launch_end.ts";
import { finishLaunch } from "./finish_launch.ts";
import { stopOfFailed } from "../launch/stop_of_failed.ts";
import type { ExitDecision } from "../exit/decide_restart.ts";
import { Preflight } from "./preflight.ts";
import { PendingStart } from "./pending_start.ts";
import {
  countRestart,
  NO_RESTARTS,
  remainingDelayMs,
  shortageDelayMs,
} from "../exit/restart_policy.ts";
import { type Change, ServiceRecord } from "./service_record.ts";
import type { ServiceContext } from "./service_context.ts";
import { ServiceHealth } from "./service_health.ts";
import { ServiceLauncher } from "./service_launcher.ts";
import { recordStart, recoverStart } from "./start_records.ts";
import { type ServiceEvent, transition } from "./transition.ts";

/** The state machine of one service. Requests are handled by `SupervisedService`. */
export class ServiceMachine {
  readonly record: ServiceRecord;
  readonly health: ServiceHealth;
  readonly pendingStart: PendingStart;
  readonly launcher: ServiceLauncher;
  readonly #context: ServiceContext;
  readonly #preflight: Preflight;
  #active: ActiveLaunch | null = null;
  /** Set until the first launch after {@linkcode recover}. */
  #isRecovering = false;
  /** Restarts in a row that a shortage of the machine prevented. */
  #shortages = 0;
  #closed = false;

  constructor(snapshot: ServiceSnapshot, context: ServiceContext) {
    this.#context = context;
    this.record = new ServiceRecord(snapshot, context);
    this.health = new ServiceHealth(this.record, {
      context,
      onReady: (change) => this.dispatch("ready", change),
      onGiveUp: (active, reason) => this.#giveUp(active, reason),
    });
    this.pendingStart = new PendingStart(context.effects);
    this.launcher = new ServiceLauncher(this.record, context);
    this.#preflight = new Preflight(context, this.pendingStart);
  }

  get snapshot(): ServiceSnapshot {
    return this.record.snapshot;
  }

  get spec(): ServiceSpec {
    return this.snapshot.spec;
  }

  /** The launch whose process group is not proven to be gone; null if there is none. */
  get active(): ActiveLaunch | null {
    return this.#active;
  }

  /**
   * Dispatches an event: enters the new state and carries out the actions of the transition.
   *
   * @param event The event.
   * @param change Details to record with the change of state.
   * @returns False if the event has no transition in the current state.
   */
  dispatch(event: ServiceEvent, change: Change = {}): boolean {
    const next = transition(this.snapshot.state, event);
    if (next === null || this.#closed) return false;
    if (next.actions.includes("reset_restarts")) this.record.history = NO_RESTARTS;
    // A restart that the machine could not carry out is tried again: it is one restart.
    if (next.actions.includes("count_restart") && this.#shortages === 0) {
      this.record.history = countRestart(this.record.history);
    }
    if (next.actions.includes("cancel_restart")) this.pendingStart.cancel();
    this.enterState(next.to, change);
    if (next.actions.includes("end_launch")) this.#stopLaunch();
    if (next.actions.includes("schedule_restart")) {
      this.pendingStart.after(change.delayMs ?? 0, () => this.dispatch("pause_over"));
    }
    if (next.actions.includes("launch")) this.beginLaunch();
    return true;
  }

  /** Enters a state directly, without a transition of the table. */
  enterState(to: ServiceState, change: Change): void {
    this.record.enterState(to, change, this.#active?.pid ?? null);
  }

  /** Launches the service once the preflight checks pass. */
  beginLaunch(): void {
    this.#preflight.run({
      spec: this.spec,
      binary: this.snapshot.binary,
      isRestart: this.record.history.total > 0,
      isRecovery: this.#isRecovering,
      onWait: (waitingFor) => this.record.setWaitingFor(waitingFor),
      onPass: () => this.#spawn(),
      onFail: (reason) => {
        const isAutomatic = this.#isAutomatic;
        this.#isRecovering = false;
        if (reason.code === "policy_denied") this.record.audit.denied(reason);
        this.#startFailed(reason, isAutomatic);
      },
    });
  }

  /**
   * Adopts a launch of an earlier supervisor.
   *
   * @param launch Its record.
   * @param identity Its process, proven to be running.
   */
  adopt(launch: LaunchRecord, identity: ProcessIdentity): void {
    const active = this.launcher.adopt(launch, identity);
    const { state, desired, reason } = this.snapshot;
    if (state === "running") active.readyAt = active.startedAt;
    if (state === "stopping" && reason !== null) active.giveUpReason = HaleError.fromJSON(reason);
    this.#track(active);
    recoverStart(this.record, active.record, active.pid);
    const entry = { type: "adopted", launch: active.record.id, pid: active.pid } as const;
    this.record.audit.adopted(active, { transcript: this.record.appendTranscript(entry) });
    if (state === "stopping") this.#stopLaunch();
    else if (desired === "stopped") this.dispatch("stop");
    else if (state === "starting") {
      this.health.waitForReadiness(active, () => this.#isCurrent(active));
    } else this.health.monitorAdopted(active);
  }

  /** Finishes a launch that exited while no supervisor was running. */
  finishUnobserved(record: LaunchRecord): void {
    const { state, reason } = this.snapshot;
    if (record.identity !== null) recoverStart(this.record, record, record.identity.pid);
    const giveUpReason = state === "stopping" && reason !== null
      ? HaleError.fromJSON(reason)
      : null;
    // How long it was ready is not known: at least it was.
    const readyMs = state === "running" ? 0 : null;
    // An earlier supervisor may have seen the exit, and was killed before it acted on it.
    const exit = this.record.audit.recorded.exited.get(record.id) ?? UNKNOWN_EXIT;
    this.#finish(unobservedEnd(record, { readyMs, giveUpReason }), exit);
  }

  /**
   * Applies the decision after an exit.
   *
   * @param decision The decision.
   * @param change Details to record with the change of state.
   */
  applyDecision(decision: ExitDecision, change: Change): void {
    const { state } = this.snapshot;
    if (decision.kind === "retry") {
      const { reason, delayMs } = decision;
      this.record.history = decision.history;
      this.dispatch("ended_retry", { ...change, reason, delayMs });
    } else if (decision.kind === "final") {
      this.dispatch("ended_final", { ...change, reason: decision.reason });
    } else {
      // The service finished by itself and must not be started again.
      if (state !== "stopping") this.record.setDesired("stopped");
      this.dispatch("ended_done", change);
      // A start was requested during the stop.
      if (state === "stopping" && this.snapshot.desired === "running") {
        this.pendingStart.after(this.spec.restart.pause_ms, () => this.dispatch("start"));
      }
    }
  }

  /** Makes the next launch wait for its dependencies, as a start does. */
  recover(): void {
    this.#isRecovering = true;
  }

  /** Continues the delay before a restart that an earlier supervisor began. */
  continueBackoff(): void {
    const wallNow = Date.now();
    const delayMs = remainingDelayMs(this.snapshot, wallNow);
    this.record.save({ next_restart_at: new Date(wallNow + delayMs).toISOString() });
    this.pendingStart.after(delayMs, () => this.dispatch("pause_over"));
  }

  /** Makes the next launch one that was requested. A give-up under way becomes a stop. */
  requestLaunch(): void {
    this.#isRecovering = false;
    if (this.#active === null || this.#active.giveUpReason === null) return;
    this.#active.giveUpReason = null;
    this.record.save({ reason: null });
  }

  /** Stops supervising: cancels timers and health checks. The process keeps running. */
  close(): void {
    this.#closed = true;
    this.pendingStart.cancel();
    this.health.stop();
    this.#active?.release();
  }

  #spawn(): void {
    this.pendingStart.done();
    const isAutomatic = this.#isAutomatic;
    this.#isRecovering = false;
    try {
      const active = this.launcher.start();
      this.#shortages = 0;
      this.#track(active);
      // A dependent may wait for the process alone.
      this.#context.changed();
      recordStart(this.record, active.record, active.pid);
      this.health.waitForReadiness(active, () => this.#isCurrent(active));
    } catch (error) {
      this.#startFailed(asHaleError(error, "spawn_failed"), isAutomatic);
    }
  }

  /** Whether the next launch is one that no person is waiting for. */
  get #isAutomatic(): boolean {
    return this.record.history.total > 0 || this.#isRecovering;
  }

  /** A restart that the machine could not carry out is no failure of the service: it is tried again. */
  #startFailed(reason: HaleError, isAutomatic: boolean): void {
    if (isAutomatic && passingFault(reason) !== null) {
      // Without a history, only this says that no person is waiting.
      this.#isRecovering = this.record.history.total === 0;
      this.dispatch("ended_retry", { reason, delayMs: shortageDelayMs(this.#shortages++) });
    } else this.dispatch("start_failed", { reason });
  }

  #track(active: ActiveLaunch): void {
    this.#active = active;
    active.identified.then((launch) => {
      if (this.#isCurrent(active)) this.record.save({ launch });
    });
    active.finished.then(({ exit, cleanup }) =>
      this.#context.queue.enqueue(() => {
        if (!this.#isCurrent(active)) return;
        this.#active = null;
        active.release();
        this.record.removePidFile(active.record);
        this.record.stops.stopped(cleanup);
        this.#finish(active, exit);
      })
    );
  }

  #isCurrent(active: ActiveLaunch): boolean {
    return this.#active === active && !this.#closed;
  }

  #stopLaunch(): void {
    const active = this.#active;
    if (active === null) {
      this.pendingStart.cancel();
      this.applyDecision({ kind: "done" }, {});
      return;
    }
    const { stop } = this.record.launchedSpec;
    active.stop(active.giveUpReason === null ? stop : stopOfFailed(stop));
  }

  /** Handles the end of a launch: its process has exited and its group is empty. */
  #finish(ended: EndedLaunch, exit: Exit): void {
    this.health.stop();
    const decision = finishLaunch(this.record, ended, exit, this.#context.effects);
    const isJob = this.spec.restart.policy === "never";
    if (decision.kind === "done" && isJob && this.snapshot.state !== "stopping") {
      this.record.save({ completed_digest: ended.record.config_digest });
    }
    this.applyDecision(decision, { exit });
  }

  #giveUp(active: ActiveLaunch, reason: HaleError): void {
    if (active.giveUpReason === null) {
      this.record.audit.gaveUp(active, reason.message);
    }
    active.giveUpReason = reason;
    this.dispatch("give_up", { reason, health: this.snapshot.health });
  }
}
