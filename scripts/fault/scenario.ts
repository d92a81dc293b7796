import type { Random } from "./random.ts";
import type { Tally } from "./tally.ts";

/**
 * What a scenario cannot do without. `mount` and `pids` are private namespaces: the program starts
 * itself again in one.
 */
export type Need = "linux" | "root" | "mount" | "pids" | "cc";

/** How a scenario is run. */
export interface FaultRun {
  readonly random: Random;
  readonly tally: Tally;
  /** The words that run hale. Its arguments follow. */
  readonly hale: readonly string[];
  /** How many kills it is to inject, or how many rounds if it kills nothing. */
  readonly amount: number;
  /** Whether folders stay. */
  readonly keep: boolean;
  /** Aborted when the time is up or the program is interrupted. The scenario then ends early. */
  readonly signal: AbortSignal;
}

/** Faults of one kind, and what must be true in spite of them. */
export interface Scenario {
  readonly name: string;
  /** What is done to hale, for the table. */
  readonly faults: string;
  readonly needs: readonly Need[];
  /** How many of 10,000 kills it injects; null if it has {@linkcode Scenario.rounds}. */
  readonly share: number | null;
  /** How many rounds belong to 10,000 kills, for a scenario that is not about kills. */
  readonly rounds: number | null;
  readonly run: (run: FaultRun) => Promise<void>;
}

/** Thrown to end a scenario early, after the reason was counted. */
export class Broken extends Error {}
