/**
 * One supervised service: its requests and its status.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import type { Actor } from "../../model/audit_record.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type {
  Health,
  LaunchRecord,
  ProcessIdentity,
  ServiceStatus,
} from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import { isSameConfig } from "../../model/same_config.ts";
import type { StopReport } from "../launch/stop_report.ts";
import { type RecoveryAction, recoveryAction } from "../launch/recover_launches.ts";
import { ALL_RECORDED, type RecordedActs } from "../recorded_acts.ts";
import type { LaunchInputs } from "./launch_inputs.ts";
import { ServiceMachine } from "./service_machine.ts";
import type { ServiceContext } from "./service_context.ts";

/** One service. Dropping it stops nothing. */
export class SupervisedService {
  readonly #context: ServiceContext;
  readonly #machine: ServiceMachine;

  constructor(snapshot: ServiceSnapshot, context: ServiceContext) {
    this.#context = context;
    this.#machine = new ServiceMachine(snapshot, context);
  }

  get name(): string {
    return this.#record.name;
  }

  get spec(): ServiceSpec {
    return this.snapshot.spec;
  }

  get snapshot(): ServiceSnapshot {
    return this.#record.snapshot;
  }

  /** Whether there is a launch whose process group is not proven to be gone. */
  get hasLaunch(): boolean {
    return this.#active !== null;
  }

  /** How the last launch ended, or how far its stop has come; null while there is nothing to report. */
  get stopReport(): StopReport | null {
    return this.#record.stops.report;
  }

  /** Whether something of its launch could not be ended. hale goes on trying. */
  get isStuck(): boolean {
    return this.#active !== null && (this.stopReport?.survivors.length ?? 0) > 0;
  }

  /** Whether the process of its launch has exited and the exit is not processed yet. */
  get hasUnprocessedExit(): boolean {
    return this.#active?.hasExited ?? false;
  }

  /** The launch whose logs may be rotated now; null if there is none. */
  get logging(): LaunchRecord | null {
    const { state, health } = this.snapshot;
    const spec = this.#record.launchedSpec;
    const awaited = state === "starting"
      ? spec.health?.start ?? spec.health
      : health === "starting"
      ? spec.health
      : null;
    // Do not rotate during a log check: it would miss the line that it waits for.
    if (awaited?.check.kind === "log") return null;
    return this.#active?.record ?? null;
  }

  /** Configuration digest of the active launch; null if there is none. */
  get launchedDigest(): string | null {
    return this.#active?.record.config_digest ?? null;
  }

  /** Whether it is a job that has completed with the configuration as it is now. */
  get isCompleted(): boolean {
    const { completed_digest, config_digest } = this.snapshot;
    return this.#record.isDone && completed_digest === config_digest;
  }

  /** Whether the supervisor must keep running for this service. */
  get needsSupervisor(): boolean {
    const { state, desired } = this.snapshot;
    // `stopped` with the desired state `running` is the pause of a restart.
    return this.#active !== null || (desired === "running" && state !== "crashed");
  }

  get status(): ServiceStatus {
    return this.#machine.health.asOfNow(this.#record.status(this.#active));
  }

  /**
   * Applies a configuration. An active launch keeps its configuration until the next start; until then
   * the status has `config_changed`. A service that is wanted keeps its version if only a variable asks
   * for another one: its executable and its restarts are of that version.
   */
  configure(spec: ServiceSpec, digest: string): void {
    const isSame = isSameConfig(digest, this.snapshot.config_digest);
    this.#record.configure(spec, digest, { keepsVersion: isSame && this.needsSupervisor });
  }

  /** Applies the configuration that the executable of the next launch was resolved for. */
  configureLaunch(spec: ServiceSpec, digest: string): void {
    this.#record.configure(spec, digest, { keepsVersion: false });
  }

  /**
   * Starts the service. Does nothing if it is already running.
   *
   * @param inputs What to launch.
   * @param actor Who requests it; null: hale itself.
   * @returns False if it was already running or starting.
   * @throws {HaleError} `not_managed` If the service has no program.
   */
  start(inputs: LaunchInputs, actor: Actor | null = null): boolean {
    this.checkManaged();
    this.#saveInputs(inputs);
    this.#record.setDesired("running");
    this.#machine.requestLaunch();
    const { state } = this.snapshot;
    if (state !== "starting" && state !== "running") {
      this.#record.audit.requested("start", actor);
      this.#record.appendTranscript({ type: "requested", action: "start", actor });
    }
    if (state === "unmanaged") {
      this.#machine.health.stop();
      this.#machine.enterState("stopped", { health: "unknown" });
    }
    // While `stopping`, the desired state is enough: it is checked when the launch has exited.
    return this.#machine.dispatch("start") || state === "stopping";
  }

  /** @throws {HaleError} `not_managed` If the service has no program. */
  checkManaged(): void {
    if (this.spec.program.kind !== "unmanaged") return;
    throw new HaleError(
      "not_managed",
      `${this.name} is unmanaged: hale has no program to start for it. ` +
        "Give it a `command` or a `release` in hale.toml.",
      { fields: { service: this.name } },
    );
  }

  /**
   * Checks that the policy allows an active launch to be replaced.
   *
   * @param actor Who requests it.
   * @throws {HaleError} `policy_denied` If the policy denies the new launch. The active one is not
   * stopped.
   */
  checkReplaceable(actor: Actor | null): void {
    if (this.#active === null) return;
    const denial = this.#context.effects.policyDenial(this.name);
    if (denial === null) return;
    this.#record.audit.denied(denial, actor);
    throw denial;
  }

  /** Monitors a program that hale did not start and never signals. */
  watchUnmanaged(): void {
    if (this.#active !== null) return;
    this.#machine.pendingStart.cancel();
    this.#record.setDesired("running");
    const health: Health = this.spec.health === null ? "unknown" : "starting";
    if (this.snapshot.state !== "unmanaged") this.#machine.enterState("unmanaged", { health });
    if (this.#machine.health.isMonitoring) return;
    this.#record.setHealth(health, null);
    this.#record.setReportedVersion(null);
    this.#machine.health.monitor(null, null);
  }

  /**
   * Stops the service. Does nothing if it is not running.
   *
   * @param actor Who requests it; null: hale itself.
   * @returns False if it was already stopped.
   */
  stop(actor: Actor | null = null): boolean {
    const { state, desired } = this.snapshot;
    this.#record.setDesired("stopped");
    if (state === "unmanaged") {
      this.#machine.health.stop();
      this.#record.setHealth("unknown", null);
      return false;
    }
    if (desired === "running" && state !== "crashed") {
      const transcript = this.#record.appendTranscript({
        type: "requested",
        action: "stop",
        actor,
      });
      this.#record.audit.stopped(this.#active, { actor, transcript });
    }
    this.#machine.dispatch("stop");
    // `stopped` with the desired state `running` was the pause of a restart, which is cancelled now.
    return state === "stopped" ? desired === "running" : state !== "crashed";
  }

  /**
   * Restarts the service: stops it if it is running, and starts it after `restart.pause`.
   *
   * @param inputs What to launch.
   * @param actor Who requests it; null: hale itself.
   */
  restart(inputs: LaunchInputs, actor: Actor | null = null): void {
    this.#saveInputs(inputs);
    if (this.#active === null) {
      this.start(inputs, actor);
      return;
    }
    const transcript = this.#record.appendTranscript({
      type: "requested",
      action: "restart",
      actor,
    });
    this.#record.audit.stopped(this.#active, { actor, reason: "restart requested", transcript });
    this.#record.audit.requested("restart", actor);
    // The user's request replaces what hale was about to do with a failed launch.
    this.#machine.requestLaunch();
    this.#machine.dispatch("stop");
    this.#record.setDesired("running");
  }

  /**
   * Resumes the service of an earlier supervisor. Called once, after loading.
   *
   * @param identity The process of the recorded launch; null if it is unknown or there is no launch.
   * @param options `alive`: whether that process, or another member of its group, is still running.
   * `recorded`: what the earlier supervisor has recorded, if it was killed.
   */
  resume(
    identity: ProcessIdentity | null,
    { alive, recorded = ALL_RECORDED }: {
      readonly alive: boolean;
      readonly recorded?: RecordedActs | undefined;
    },
  ): void {
    this.#record.audit.recorded = recorded;
    const { launch } = this.snapshot;
    const machine = this.#machine;
    const action = recoveryAction(this.snapshot, alive ? identity : null);
    if (action.kind !== "adopt" && action.kind !== "none") machine.recover();
    this.#carryOut(action, identity);
    // Not before the launch is on record: until then, only its pid file proves that it happened.
    if (launch !== null && identity !== null && !alive) this.#record.removePidFile(launch);
  }

  /** Stops supervising: cancels timers and health checks. The process keeps running. */
  close(): void {
    this.#machine.close();
  }

  #carryOut(action: RecoveryAction, identity: ProcessIdentity | null): void {
    const machine = this.#machine;
    switch (action.kind) {
      case "adopt":
        return machine.adopt(action.launch, action.identity);
      case "record_exit":
        return machine.finishUnobserved({ ...action.launch, identity });
      case "monitor":
        return machine.health.monitor(null, null);
      case "launch":
        return machine.beginLaunch();
      case "continue_backoff":
        return machine.continueBackoff();
      case "complete_stop":
        return machine.applyDecision({ kind: "done" }, {});
      case "dispatch":
        machine.dispatch(action.event);
        return;
      case "none":
        return;
    }
  }

  get #record() {
    return this.#machine.record;
  }

  get #active() {
    return this.#machine.active;
  }

  #saveInputs({ binary, version, env }: LaunchInputs): void {
    if (binary !== null) this.#record.save({ binary, binary_version: version ?? null });
    if (env !== null) this.#machine.launcher.saveEnvironment(env);
  }
}
