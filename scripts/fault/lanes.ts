import type { Random } from "./random.ts";
import { Broken, type FaultRun } from "./scenario.ts";

/** A part of the work of a scenario. */
export interface Episode {
  /** Kills or rounds of this part. */
  readonly amount: number;
  readonly random: Random;
}

/**
 * Splits the work of a scenario into episodes with a home of their own, and runs some at the same time.
 *
 * @param run How the scenario is run.
 * @param options `lanes`: how many at the same time; `amount`: kills or rounds of each.
 * @param play Plays one. It throws {@linkcode Broken} after it has counted why it ended early.
 */
export async function playEpisodes(
  run: FaultRun,
  options: { readonly lanes: number; readonly amount: number },
  play: (episode: Episode) => Promise<void>,
): Promise<void> {
  let left = run.amount;
  const lane = async (random: Random) => {
    while (left > 0 && !run.signal.aborted) {
      const amount = Math.min(left, options.amount);
      left -= amount;
      try {
        await play({ amount, random });
      } catch (error) {
        if (error instanceof Broken) continue;
        run.tally.bad("wrong", `the suite failed: ${error instanceof Error ? error.stack : error}`);
      }
    }
  };
  await Promise.all(Array.from({ length: options.lanes }, () => lane(run.random.fork())));
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
