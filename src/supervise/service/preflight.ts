import { asHaleError, type HaleError } from "../../errors.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { Effects } from "../effects.ts";
import type { PendingStart } from "./pending_start.ts";
import type { TimeSlicedQueue } from "../../async/time_sliced_queue.ts";

/** What a launch has to wait for. */
export interface PreflightContext {
  readonly effects: Pick<Effects, "denied" | "portTaken" | "checkBinary">;
  /** Of many services at once, each gets its turn. */
  readonly queue: TimeSlicedQueue;
  /** Settles when everything the service depends on is up; rejects where it never will be. */
  dependenciesReady(spec: ServiceSpec, signal: AbortSignal): Promise<void>;
}

/** Where a launch that asks for request goes. */
export interface PreflightRequest {
  readonly spec: ServiceSpec;
  /** What is to be launched; null: nothing is known yet. */
  readonly binary: string | null;
  /** Between a crash and the restart nothing is waited for. */
  readonly isRestart: boolean;
  /** Called where everything holds. */
  readonly enter: () => void;
  /** Called where something does not, and a retry would not mend it. */
  readonly refuse: (reason: HaleError) => void;
}

/**
 * What must hold before a launch: the policy allows it, what it depends on is up, its port is free, it
 * is its turn, and the executable is what was verified. A restart passes within the same turn of the
 * event loop where nothing speaks against it.
 */
export class Preflight {
  readonly #context: PreflightContext;
  readonly #preparation: PendingStart;

  /**
   * @param around What is looked at.
   * @param preparation By it the request is called off.
   */
  constructor(around: PreflightContext, preparation: PendingStart) {
    this.#context = around;
    this.#preparation = preparation;
  }

  /**
   * Asks for request. One of the two ways out is called, later or at once; neither where it is called
   * off.
   */
  ask(request: PreflightRequest): void {
    if (this.#isDenied(request)) return;
    const signal = this.#preparation.begin();
    if (request.isRestart) this.#enqueue(request, signal);
    else this.#waitForOthers(request, signal);
  }

  async #waitForOthers(request: PreflightRequest, signal: AbortSignal): Promise<void> {
    const { spec, refuse } = request;
    try {
      await this.#context.dependenciesReady(spec, signal);
      const taken = await this.#context.effects.portTaken(spec, signal);
      if (taken !== null) throw taken;
      // Dependencies may have taken a while: the policy may be another by now.
      if (!signal.aborted && !this.#isDenied(request)) this.#enqueue(request, signal);
    } catch (error) {
      if (!signal.aborted) refuse(asHaleError(error, "spawn_failed"));
    }
  }

  #isDenied({ spec, refuse }: PreflightRequest): boolean {
    const denied = this.#context.effects.denied(spec.name);
    if (denied !== null) refuse(denied);
    return denied !== null;
  }

  #enqueue(request: PreflightRequest, signal: AbortSignal): void {
    this.#context.queue.enqueue(() => {
      if (!signal.aborted) this.#checkBinary(request, signal);
    });
  }

  /** An executable that looks as it did when it was verified passes at once; another is read. */
  #checkBinary({ binary, enter, refuse }: PreflightRequest, signal: AbortSignal): void {
    const reading = binary === null ? null : this.#context.effects.checkBinary(binary);
    if (reading === null) {
      enter();
      return;
    }
    reading.then((problem) => {
      if (signal.aborted) return;
      if (problem === null) enter();
      else refuse(problem);
    });
  }
}
