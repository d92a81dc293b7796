import { asHaleError, type HaleError } from "../../errors.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import {
  type DependencyStatus,
  describeWait,
  failedDependency,
  hasFailed,
  isStopped,
  unmetDependencies,
} from "../dependencies.ts";
import type { Effects } from "../effects.ts";
import type { PendingStart } from "./pending_start.ts";
import type { TimeSlicedQueue } from "../../async/time_sliced_queue.ts";

/** What the preflight checks use. */
export interface PreflightContext {
  readonly effects: Pick<Effects, "policyDenial" | "portTaken" | "checkBinary">;
  /** Spreads the launches of many services over time. */
  readonly queue: TimeSlicedQueue;
  /** Returns the dependencies of a service, as they are now. */
  dependencies(spec: ServiceSpec): readonly DependencyStatus[];
  /** Resolves when the condition holds or the signal aborts; checks now and after every change. */
  waitFor(condition: () => boolean, signal: AbortSignal): Promise<void>;
}

/** A launch to check. */
export interface PreflightRequest {
  readonly spec: ServiceSpec;
  /** The executable; null if it is not known yet. */
  readonly binary: string | null;
  /** Whether this is an automatic restart. It waits for no dependency that has failed, nor for the port. */
  readonly isRestart: boolean;
  /** Whether an earlier supervisor was to do this. Then it is checked like a first start. */
  readonly isRecovery: boolean;
  /** Called with what the launch waits for, and with null when it waits no longer. */
  readonly onWait: (waitingFor: string | null) => void;
  /** Called when all checks pass. */
  readonly onPass: () => void;
  /** Called when a check fails and a retry would not help. */
  readonly onFail: (reason: HaleError) => void;
}

/**
 * The checks before a launch: the policy allows it, the dependencies are ready, the port is free, and
 * the executable is the verified one. A restart that passes is launched in the same turn of the event
 * loop, if the queue is empty.
 */
export class Preflight {
  readonly #context: PreflightContext;
  readonly #pendingStart: PendingStart;

  /**
   * @param context What the checks use.
   * @param pendingStart Cancels the checks.
   */
  constructor(context: PreflightContext, pendingStart: PendingStart) {
    this.#context = context;
    this.#pendingStart = pendingStart;
  }

  /**
   * Runs the checks and calls `onPass` or `onFail`, synchronously or later. Calls neither if the checks
   * are cancelled.
   */
  run(request: PreflightRequest): void {
    if (this.#isDenied(request)) return;
    const signal = this.#pendingStart.begin();
    const isPlainRestart = request.isRestart && !request.isRecovery;
    if (isPlainRestart && this.#isReady(request)) this.#enqueue(request, signal);
    else this.#waitForDependencies(request, signal);
  }

  async #waitForDependencies(request: PreflightRequest, signal: AbortSignal): Promise<void> {
    const { spec, onFail, onWait } = request;
    try {
      await this.#context.waitFor(() => {
        const isReady = this.#isReady(request);
        const unmet = unmetDependencies(this.#relevantDependencies(request));
        onWait(isReady ? null : describeWait(unmet));
        return isReady;
      }, signal);
      if (!request.isRestart || request.isRecovery) {
        const taken = await this.#context.effects.portTaken(spec, signal);
        if (taken !== null) throw taken;
      }
      // Check again: the policy may have changed while waiting for dependencies.
      if (!signal.aborted && !this.#isDenied(request)) this.#enqueue(request, signal);
    } catch (error) {
      if (!signal.aborted) onFail(asHaleError(error, "spawn_failed"));
    }
  }

  /**
   * Returns whether the dependencies allow the launch.
   *
   * @throws {HaleError} `dependency_failed` If one of them will not meet its condition by itself.
   */
  #isReady(request: PreflightRequest): boolean {
    const dependencies = this.#relevantDependencies(request);
    const failed = failedDependency(request.spec.name, dependencies);
    if (failed !== null) throw failed;
    return unmetDependencies(dependencies).length === 0;
  }

  /**
   * A service that was running is restarted without the dependencies that a user has stopped, and
   * outside of a recovery also without those that have failed: it has been running without them.
   */
  #relevantDependencies({ spec, isRestart, isRecovery }: PreflightRequest) {
    const dependencies = this.#context.dependencies(spec);
    // It has not run since a user has started it, also if an earlier supervisor was to launch it.
    if (!isRestart) return dependencies;
    const isLeftOut = isRecovery ? isStopped : hasFailed;
    return dependencies.filter((dependency) => !isLeftOut(dependency));
  }

  #isDenied({ spec, onFail }: PreflightRequest): boolean {
    const denial = this.#context.effects.policyDenial(spec.name);
    if (denial !== null) onFail(denial);
    return denial !== null;
  }

  #enqueue(request: PreflightRequest, signal: AbortSignal): void {
    this.#context.queue.enqueue(() => {
      if (!signal.aborted) this.#checkBinary(request, signal);
    });
  }

  #checkBinary({ binary, onPass, onFail }: PreflightRequest, signal: AbortSignal): void {
    const checking = binary === null ? null : this.#context.effects.checkBinary(binary);
    if (checking === null) {
      onPass();
      return;
    }
    checking.then((problem) => {
      if (signal.aborted) return;
      if (problem === null) onPass();
      else onFail(problem);
    });
  }
}
