import type { HaleError } from "../../errors.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { Effects } from "../effects.ts";
import type { Preparation } from "./pending_start.ts";
import { startFailure } from "../exit/to_hale_error.ts";
import type { Turns } from "../runtime/time_sliced_queue.ts";

/** What a launch has to wait for. */
export interface GateSurroundings {
  readonly effects: Pick<Effects, "denied" | "portTaken" | "checkBinary">;
  /** Of many services at once, each gets its turn. */
  readonly turns: Turns;
  /** Settles when everything the service depends on is up; rejects where it never will be. */
  dependenciesReady(spec: ServiceSpec, signal: AbortSignal): Promise<void>;
}

/** Where a launch that asks for passage goes. */
export interface Passage {
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
export class LaunchGate {
  readonly #around: GateSurroundings;
  readonly #preparation: Preparation;

  /**
   * @param around What is looked at.
   * @param preparation By it the passage is called off.
   */
  constructor(around: GateSurroundings, preparation: Preparation) {
    this.#around = around;
    this.#preparation = preparation;
  }

  /**
   * Asks for passage. One of the two ways out is called, later or at once; neither where it is called
   * off.
   */
  ask(passage: Passage): void {
    if (this.#isDenied(passage)) return;
    const signal = this.#preparation.begin();
    if (passage.isRestart) this.#takeTurn(passage, signal);
    else this.#waitForOthers(passage, signal);
  }

  async #waitForOthers(passage: Passage, signal: AbortSignal): Promise<void> {
    const { spec, refuse } = passage;
    try {
      await this.#around.dependenciesReady(spec, signal);
      const taken = await this.#around.effects.portTaken(spec, signal);
      if (taken !== null) throw taken;
      // Dependencies may have taken a while: the policy may be another by now.
      if (!signal.aborted && !this.#isDenied(passage)) this.#takeTurn(passage, signal);
    } catch (error) {
      if (!signal.aborted) refuse(startFailure(error));
    }
  }

  #isDenied({ spec, refuse }: Passage): boolean {
    const denied = this.#around.effects.denied(spec.name);
    if (denied !== null) refuse(denied);
    return denied !== null;
  }

  #takeTurn(passage: Passage, signal: AbortSignal): void {
    this.#around.turns.take(() => {
      if (!signal.aborted) this.#checkBinary(passage, signal);
    });
  }

  /** An executable that looks as it did when it was verified passes at once; another is read. */
  #checkBinary({ binary, enter, refuse }: Passage, signal: AbortSignal): void {
    const reading = binary === null ? null : this.#around.effects.checkBinary(binary);
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
