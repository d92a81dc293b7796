import { Random } from "./random.ts";
import type { FaultRun, Scenario } from "./scenario.ts";
import { missingNeed } from "./needs.ts";
import { Stranger } from "./stranger.ts";
import { Tally, type TallyData } from "./tally.ts";

/** What a scenario has shown. */
export interface ScenarioResult {
  readonly name: string;
  readonly faults: string;
  /** Why it was not run; null if it was. */
  readonly skipped: string | null;
  readonly tally: TallyData;
  readonly seconds: number;
}

/** How scenarios are run. */
export interface RunOptions extends Pick<FaultRun, "hale" | "keep" | "signal"> {
  /** Total of kills of all scenarios, if all are run. */
  readonly kills: number;
  readonly seed: number;
  /** Prints a line of progress. */
  readonly report: (line: string) => void;
}

/**
 * Runs a scenario in this process.
 *
 * @param scenario The scenario.
 * @param options How it is run.
 * @returns What it has shown.
 */
export async function runScenario(
  scenario: Scenario,
  options: RunOptions,
): Promise<ScenarioResult> {
  const { name, faults } = scenario;
  const tally = new Tally((line) => options.report(`${name}: ${line}`));
  const skipped = missingNeed(scenario.needs);
  const startedAt = performance.now();
  if (skipped === null) {
    const { hale, keep, signal } = options;
    const random = new Random(options.seed + hashOf(name));
    await using stranger = await startStranger();
    await scenario.run({ random, tally, hale, amount: amountOf(scenario, options), keep, signal });
    stranger?.judge(tally, name);
  }
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  return { name, faults, skipped, tally: tally.toJSON(), seconds };
}

/** A program that no scenario is about. Null where there is no setsid(1). */
async function startStranger(): Promise<Stranger | null> {
  if (missingNeed(["linux"]) !== null) return null;
  const stranger = Stranger.start({ hasWorker: true });
  while (!stranger.isReady) await new Promise((resolve) => setTimeout(resolve, 10));
  return stranger;
}

/** Kills or rounds of a scenario, in proportion to the kills of all. */
export function amountOf(
  { share, rounds }: Scenario,
  { kills }: Pick<RunOptions, "kills">,
): number {
  return Math.max(1, Math.ceil((share ?? rounds ?? 1) * kills / 10_000));
}

/** The same seed gives different numbers to different scenarios. */
function hashOf(text: string): number {
  return [...text].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0) | 0, 7);
}
