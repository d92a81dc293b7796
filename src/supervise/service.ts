/**
 * One supervised service: feeds what happens into the transition table and carries out what the
 * table answers with.
 *
 * @module
 */

import { HaleError, messageOf } from "../errors.ts";
import type { Actor } from "../model/audit_record.ts";
import type { ServiceSpec } from "../model/service_spec.ts";
import type {
  Exit,
  Health,
  LaunchRecord,
  ProcessIdentity,
  ServiceState,
  ServiceStatus,
} from "../model/service_state.ts";
import type { ServiceSnapshot } from "../model/snapshots.ts";
import { ActiveLaunch, type LaunchContext } from "./active_launch.ts";
import type { Effects, RuntimeRecords } from "./effects.ts";
import { judgeEnd, type Verdict } from "./judge_end.ts";
import type { LaunchTurns } from "./launch_turns.ts";
import { Preparation } from "./preparation.ts";
import { NO_RESTARTS } from "./restart_policy.ts";
import { type Change, ServiceRecord } from "./service_record.ts";
import { type ServiceEvent, transition } from "./transition.ts";
import { becameUnhealthy, unhealthyLaunch } from "./unhealthy_launch.ts";

/** What a service asks of the runtime it belongs to. */
export interface ServiceSurroundings {
  readonly effects: Effects;
  readonly records: RuntimeRecords;
  /** Of many launches at once, each gets its turn. */
  readonly turns: LaunchTurns;
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

/** One service. Dropping it stops nothing. */
export class SupervisedService {
  readonly #around: ServiceSurroundings;
  readonly #record: ServiceRecord;
  readonly #preparation = new Preparation();
  #env: Readonly<Record<string, string>> | null = null;
  #active: ActiveLaunch | null = null;
  #watching: AbortController | null = null;
  #closed = false;

  constructor(snapshot: ServiceSnapshot, around: ServiceSurroundings) {
    this.#around = around;
    this.#record = new ServiceRecord(snapshot, around);
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
    this.#record.want("running");
    const { state } = this.snapshot;
    if (state !== "starting" && state !== "running") this.#record.audit.asked("start", actor);
    if (state === "unmanaged") {
      this.#stopWatching();
      this.#change("stopped", { health: "unknown" });
    }
    // While `stopping`, the wish alone is enough: the end of the launch looks at it.
    return this.#feed("start") || state === "stopping";
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
    const denied = this.#around.effects.denied(this.name);
    if (denied === null) return;
    this.#record.audit.denied(denied, actor);
    throw denied;
  }

  /** Watches what somebody else runs in the service's place, and never signals it. */
  watchUnmanaged(): void {
    if (this.#active !== null) return;
    this.#preparation.cancel();
    this.#record.want("running");
    const unseen: Health = this.spec.health === null ? "unknown" : "starting";
    if (this.snapshot.state !== "unmanaged") this.#change("unmanaged", { health: unseen });
    if (this.#watching !== null) return;
    this.#record.setHealth(unseen, null);
    this.#watchHealth(null);
  }

  /**
   * Stops the service. Quiet where it does not run.
   *
   * @param actor Who asks; null: hale itself.
   * @returns False where there was nothing to stop.
   */
  stop(actor: Actor | null = null): boolean {
    const { state, desired } = this.snapshot;
    this.#record.want("stopped");
    if (state === "unmanaged") {
      this.#stopWatching();
      this.#record.setHealth("unknown", null);
      return false;
    }
    if (desired === "running" && state !== "crashed") {
      this.#record.audit.stopped(this.#active, { actor });
    }
    this.#feed("stop");
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
    this.#feed("stop");
    this.#record.want("running");
  }

  /**
   * Takes up where another supervisor left off: called once, after loading.
   *
   * @param identity Whose pid the recorded launch has; null where there is none or it left no word.
   * @param alive Whether that process still runs.
   */
  resume(identity: ProcessIdentity | null, alive: boolean): void {
    const { state, desired, launch } = this.snapshot;
    if (launch !== null && identity !== null && !alive) this.#record.forget(launch);
    if (launch !== null && identity !== null && alive) {
      this.#adopt(ActiveLaunch.adopt(this.#context(), launch, identity));
    } else if (state === "unmanaged") {
      if (desired === "running") this.#watchHealth(null);
    } else if (desired === "stopped" && state !== "stopping") {
      this.#feed("stop");
    } else if (launch !== null) {
      const wasReady = state === "running";
      this.#finish({ record: launch, ranMs: null, wasReady, verdict: null }, UNKNOWN_EXIT);
    } else if (state === "starting") {
      this.#beginLaunch();
    } else if (state === "stopping") {
      this.#settle({ kind: "done" }, {});
    } else if (state === "backoff") {
      this.#feed("pause_over");
    } else if (state === "stopped") {
      this.#feed("start");
    }
  }

  /** Lets go: timers and watches end, the process runs on. */
  close(): void {
    this.#closed = true;
    this.#preparation.cancel();
    this.#stopWatching();
    this.#active?.release();
  }

  #adopt(active: ActiveLaunch): void {
    const { state, desired, health } = this.snapshot;
    active.wasReady = state === "running";
    this.#hold(active);
    this.#record.audit.adopted(active);
    this.#record.narrate({
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
    const next = transition(this.snapshot.state, event);
    if (next === null || this.#closed) return false;
    if (next.actions.includes("reset_restarts")) this.#record.history = NO_RESTARTS;
    if (next.actions.includes("cancel_restart")) this.#preparation.cancel();
    this.#change(next.to, change);
    if (next.actions.includes("end_launch")) this.#endLaunch();
    if (next.actions.includes("schedule_restart")) {
      this.#preparation.after(change.pauseMs ?? 0, () => this.#feed("pause_over"));
    }
    if (next.actions.includes("launch")) this.#beginLaunch();
    return true;
  }

  #beginLaunch(): void {
    if (this.#isDenied()) return;
    const signal = this.#preparation.begin();
    // Between a crash and the restart nothing is waited for.
    if (this.#record.history.total > 0) {
      this.#spawnInTurn(signal);
      return;
    }
    (async () => {
      try {
        await this.#around.dependenciesReady(this.spec, signal);
        const taken = await this.#around.effects.portTaken(this.spec, signal);
        if (taken !== null) throw taken;
        // Dependencies may have taken a while: the policy may be another by now.
        if (!signal.aborted && !this.#isDenied()) this.#spawnInTurn(signal);
      } catch (error) {
        if (!signal.aborted) this.#feed("start_failed", { reason: asHaleError(error) });
      }
    })();
  }

  /** Whether the policy, as it stands now, keeps the service from being started: that ends the start. */
  #isDenied(): boolean {
    const denied = this.#around.effects.denied(this.name);
    if (denied === null) return false;
    this.#record.audit.denied(denied);
    this.#feed("start_failed", { reason: denied });
    return true;
  }

  #spawnInTurn(signal: AbortSignal): void {
    this.#around.turns.take(() => {
      if (!signal.aborted) this.#spawnIfSound(signal);
    });
  }

  /** An executable that looks as it did when it was verified is launched at once; another is read. */
  #spawnIfSound(signal: AbortSignal): void {
    const { binary } = this.snapshot;
    const reading = binary === null ? null : this.#around.effects.checkBinary(binary);
    if (reading === null) {
      this.#spawn();
      return;
    }
    reading.then((problem) => {
      if (signal.aborted) return;
      if (problem === null) this.#spawn();
      else this.#feed("start_failed", { reason: problem });
    });
  }

  #spawn(): void {
    this.#preparation.done();
    const { binary, config_digest } = this.snapshot;
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
        intend: (launch) => this.#record.intend(launch),
      });
      this.#hold(active);
      this.#record.audit.launched(active, this.#record.history.total);
      this.#awaitReady(active);
      this.#record.narrate({
        type: "launched",
        launch: active.record.id,
        pid: active.pid,
        binary,
        args: this.spec.args,
        automatic: this.#record.history.total > 0,
        config_digest: active.record.config_digest,
      });
    } catch (error) {
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
      onKilled: (launch) => this.#record.audit.killed(launch),
      onProblem: (error) => this.#around.records.problem(error),
    };
  }

  #hold(active: ActiveLaunch): void {
    this.#active = active;
    const current = () => this.#active === active && !this.#closed;
    active.identified.then((launch) => {
      if (current()) this.#record.save({ launch });
    });
    active.ended.then(({ exit, strays }) => {
      if (!current()) return;
      this.#active = null;
      active.release();
      this.#record.forget(active.record);
      if (strays.length > 0) this.#record.tellSurvivors(strays, "left its group and still run");
      this.#finish(active, exit);
    });
  }

  #awaitReady(active: ActiveLaunch): void {
    const { health } = this.spec;
    if (health === null) {
      active.wasReady = this.#feed("ready");
      return;
    }
    active.pollHealth(health).then((outcome) => {
      if (this.#active !== active || this.#closed || outcome === null) return;
      if (outcome.kind !== "healthy") {
        this.#giveUp(active, unhealthyLaunch(this.spec, outcome));
        return;
      }
      if (!this.#feed("ready", { health: "healthy" })) return;
      active.wasReady = true;
      this.#watchHealth(true);
      this.#record.narrate({
        type: "healthy",
        launch: active.record.id,
        after_ms: outcome.afterMs,
      });
    });
  }

  #endLaunch(): void {
    const active = this.#active;
    if (active === null) {
      this.#preparation.cancel();
      this.#settle({ kind: "done" }, {});
      return;
    }
    active.end(this.spec.stop, (left) => this.#record.tellSurvivors(left, "cannot be killed"));
  }

  /** A launch is over: its process has ended and nobody of its group is left. */
  #finish(
    { record, ranMs, wasReady, verdict: cause }: {
      record: LaunchRecord;
      wasReady: boolean;
      /** Null where nobody of ours saw the end. */
      ranMs: number | null;
      verdict: HaleError | null;
    },
    exit: Exit,
  ): void {
    this.#stopWatching();
    const { effects } = this.#around;
    const launch = record.id;
    const stderr = this.#record.lastWords(record);
    const verdict = this.snapshot.state === "stopping" ? { kind: "done" } as const : judgeEnd(
      this.spec,
      this.#record.history,
      { record, ranMs: ranMs ?? 0, wasReady, cause, exit, stderr },
      { now: effects.now(), random: effects.random() },
    );
    this.#record.audit.exited(record, exit);
    const ran_ms = ranMs === null ? null : Math.round(ranMs);
    this.#record.narrate({ type: "exited", launch, exit, ran_ms, stderr });
    this.#settle(verdict, { exit });
  }

  #settle(verdict: Verdict, change: Change): void {
    const { state } = this.snapshot;
    if (verdict.kind === "retry") {
      this.#record.history = verdict.history;
      this.#feed("ended_retry", { ...change, reason: verdict.reason, pauseMs: verdict.delayMs });
    } else if (verdict.kind === "final") {
      this.#feed("ended_final", { ...change, reason: verdict.reason });
    } else {
      // It was done by itself: nobody wants it to run any more.
      if (state !== "stopping") this.#record.want("stopped");
      this.#feed("ended_done", change);
      // Asked to start while the launch before was still ending.
      if (state === "stopping" && this.snapshot.desired === "running") {
        this.#preparation.after(this.spec.restart.pause_ms, () => this.#feed("start"));
      }
    }
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
      onChange: (isHealthy, detail) => {
        this.#record.setHealth(isHealthy ? "healthy" : "unhealthy", detail);
        if (!isHealthy && health.on_unhealthy === "restart") this.#endUnhealthy(detail);
      },
    });
  }

  #endUnhealthy(detail: string | null): void {
    if (this.#active !== null) this.#giveUp(this.#active, becameUnhealthy(this.spec, detail));
  }

  #giveUp(active: ActiveLaunch, verdict: HaleError): void {
    if (active.verdict === null) {
      this.#record.audit.stopped(active, { actor: null, reason: verdict.message });
    }
    active.verdict = verdict;
    this.#feed("give_up");
  }

  #stopWatching(): void {
    this.#watching?.abort();
    this.#watching = null;
  }

  #keep({ binary, env }: LaunchInputs): void {
    if (binary !== null) this.#record.save({ binary });
    if (env === null) return;
    this.#env = env;
    this.#around.records.saveEnvironment(this.name, env);
  }

  #change(to: ServiceState, change: Change): void {
    this.#record.enter(to, change, this.#active?.pid ?? null);
  }
}

const UNKNOWN_EXIT: Exit = { exit_code: null, signal: null };

function asHaleError(error: unknown): HaleError {
  return error instanceof HaleError
    ? error
    : new HaleError("spawn_failed", messageOf(error), { cause: error });
}
