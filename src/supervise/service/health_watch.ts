import type { ProbeLaunch } from "../../health/types.ts";
import type { HealthSpec } from "../../model/service_spec.ts";
import type { Effects } from "../effects.ts";

/** Looks at the health of one service for as long as it is wanted. */
export class HealthWatch {
  readonly #effects: Pick<Effects, "watchHealth">;
  #ending: AbortController | null = null;

  /** @param effects What looks. */
  constructor(effects: Pick<Effects, "watchHealth">) {
    this.#effects = effects;
  }

  /** Whether it looks. */
  get isOn(): boolean {
    return this.#ending !== null;
  }

  /**
   * Looks from now on, and not as before.
   *
   * @param health What to look at.
   * @param options `healthy`: how it was seen last, null: never; `launch`: what is looked at; `onChange`:
   * told of every change, and what was seen.
   */
  begin(
    health: HealthSpec,
    { launch, ...options }: {
      readonly healthy: boolean | null;
      readonly launch: ProbeLaunch | null;
      readonly onChange: (isHealthy: boolean, detail: string | null) => void;
    },
  ): void {
    this.end();
    this.#ending = new AbortController();
    this.#effects.watchHealth(health, {
      ...options,
      signal: this.#ending.signal,
      ...(launch === null ? {} : { launch }),
    });
  }

  /** Looks no more. */
  end(): void {
    this.#ending?.abort();
    this.#ending = null;
  }
}
