/**
 * One supervised service: what may be asked of it.
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
import { recoveryAction } from "../launch/recover_launches.ts";
import { ServiceMachine } from "./service_machine.ts";
import type { ServiceContext } from "./service_context.ts";

/** What a start needs beside the configuration. Null keeps what the launch before had. */
export interface LaunchInputs {
  /** The executable; absolute. */
  readonly binary: string | null;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>> | null;
}

/** One service. Dropping it stops nothing. */
export class SupervisedService {
  readonly #context: ServiceContext;
  readonly #machine: ServiceMachine;

  constructor(snapshot: ServiceSnapshot, around: ServiceContext) {
    this.#context = around;
    this.#machine = new ServiceMachine(snapshot, around);
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

  /** Whether a launch runs, or has not ended for certain. */
  get hasLaunch(): boolean {
    return this.#active !== null;
  }

  /** Whether the process of its launch has ended, and what follows from that is not decided yet. */
  get isEnding(): boolean {
    return this.#active?.isOver ?? false;
  }

  /** The launch whose logs may be rotated now; null where there is none. */
  get logging(): LaunchRecord | null {
    const { state, spec } = this.snapshot;
    // The line that says that it is ready must stay where it is looked for.
    if (state === "starting" && spec.health?.check.kind === "log") return null;
    return this.#active?.record ?? null;
  }

  /** Digest of the configuration of the launch that runs; null where none does. */
  get launched(): string | null {
    return this.#active?.record.config_digest ?? null;
  }

  /** Whether a supervisor has a reason to stay for this service. */
  get needsSupervisor(): boolean {
    const { state, desired } = this.snapshot;
    // Stopped but wanted: the pause of a restart.
    return this.#active !== null || (desired === "running" && state !== "crashed");
  }

  get status(): ServiceStatus {
    return this.#record.status(this.#active);
  }

  /**
   * Takes over a newer configuration. A launch that runs keeps what it was started with until the
   * next start; the status then says that it has changed.
   */
  configure(spec: ServiceSpec, digest: string): void {
    this.#record.configure(spec, digest);
  }

  /**
   * Starts the service. Quiet where it already runs.
   *
   * @param inputs What to run.
   * @param actor Who asks; null: hale itself.
   * @returns False where it was already running or starting.
   * @throws {HaleError} `not_managed` If the service has no program.
   */
  start(inputs: LaunchInputs, actor: Actor | null = null): boolean {
    this.checkManaged();
    this.#keep(inputs);
    this.#record.setDesired("running");
    const { state } = this.snapshot;
    if (state !== "starting" && state !== "running") {
      this.#record.audit.asked("start", actor);
      this.#record.appendTranscript({ type: "requested", action: "start", actor });
    }
    if (state === "unmanaged") {
      this.#machine.watch.end();
      this.#machine.enter("stopped", { health: "unknown" });
    }
    // While `stopping`, the wish alone is enough: the end of the launch looks at it.
    return this.#machine.feed("start") || state === "stopping";
  }

  /** @throws {HaleError} `not_managed` If the service has no program. */
  checkManaged(): void {
    if (this.spec.program.kind !== "unmanaged") return;
    throw new HaleError(
      "not_managed",
      `${this.name} is only watched: hale has no program to start for it. ` +
        "Give it a `command` or a `release` in hale.toml.",
      { fields: { service: this.name } },
    );
  }

  /**
   * Says whether a launch that runs may be replaced by another.
   *
   * @param actor Who asks.
   * @throws {HaleError} `policy_denied` If the other could not be started: what runs is left alone.
   */
  checkReplaceable(actor: Actor | null): void {
    if (this.#active === null) return;
    const denied = this.#context.effects.denied(this.name);
    if (denied === null) return;
    this.#record.audit.denied(denied, actor);
    throw denied;
  }

  /** Watches what somebody else runs in the service's place, and never signals it. */
  watchUnmanaged(): void {
    if (this.#active !== null) return;
    this.#machine.preparation.cancel();
    this.#record.setDesired("running");
    const unseen: Health = this.spec.health === null ? "unknown" : "starting";
    if (this.snapshot.state !== "unmanaged") this.#machine.enter("unmanaged", { health: unseen });
    if (this.#machine.watch.isOn) return;
    this.#record.setHealth(unseen, null);
    this.#machine.watchHealth(null);
  }

  /**
   * Stops the service. Quiet where it does not run.
   *
   * @param actor Who asks; null: hale itself.
   * @returns False where there was nothing to stop.
   */
  stop(actor: Actor | null = null): boolean {
    const { state, desired } = this.snapshot;
    this.#record.setDesired("stopped");
    if (state === "unmanaged") {
      this.#machine.watch.end();
      this.#record.setHealth("unknown", null);
      return false;
    }
    if (desired === "running" && state !== "crashed") {
      this.#record.audit.stopped(this.#active, { actor });
      this.#record.appendTranscript({ type: "requested", action: "stop", actor });
    }
    this.#machine.feed("stop");
    // Stopped but wanted: the pause of a restart, which is over now.
    return state === "stopped" ? desired === "running" : state !== "crashed";
  }

  /**
   * Stops the service if it runs, and starts it again after `restart.pause`.
   *
   * @param inputs What to run.
   * @param actor Who asks; null: hale itself.
   */
  restart(inputs: LaunchInputs, actor: Actor | null = null): void {
    this.#keep(inputs);
    if (this.#active === null) {
      this.start(inputs, actor);
      return;
    }
    this.#record.audit.stopped(this.#active, { actor, reason: "to start it again" });
    this.#record.audit.asked("restart", actor);
    this.#record.appendTranscript({ type: "requested", action: "restart", actor });
    this.#machine.feed("stop");
    this.#record.setDesired("running");
  }

  /**
   * Takes up where another supervisor left off: called once, after loading.
   *
   * @param identity Whose pid the recorded launch has; null where there is none or it left no word.
   * @param alive Whether that process still runs.
   */
  resume(identity: ProcessIdentity | null, alive: boolean): void {
    const { launch } = this.snapshot;
    if (launch !== null && identity !== null && !alive) this.#record.removePidFile(launch);
    const machine = this.#machine;
    const how = recoveryAction(this.snapshot, alive ? identity : null);
    switch (how.kind) {
      case "adopt":
        return machine.adopt(how.launch, how.identity);
      case "finish":
        return machine.finishUnseen(how.launch);
      case "watch":
        return machine.watchHealth(null);
      case "launch":
        return machine.beginLaunch();
      case "settle":
        return machine.settle({ kind: "done" }, {});
      case "feed":
        machine.feed(how.event);
        return;
      case "nothing":
        return;
    }
  }

  /** Lets go: timers and watches end, the process runs on. */
  close(): void {
    this.#machine.close();
  }

  get #record() {
    return this.#machine.record;
  }

  get #active() {
    return this.#machine.active;
  }

  #keep({ binary, env }: LaunchInputs): void {
    if (binary !== null) this.#record.save({ binary });
    if (env !== null) this.#machine.keepEnvironment(env);
  }
}
