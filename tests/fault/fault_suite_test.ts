/**
 * A short run of each scenario of the fault suite. `deno task fault` is the long one.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { missingNeed } from "../../scripts/fault/needs.ts";
import { runInside } from "../../scripts/fault/run_inside.ts";
import { runScenario } from "../../scripts/fault/run_scenario.ts";
import { SCENARIOS } from "../../scripts/fault/scenarios.ts";
import { haleProgram } from "../../scripts/programs/hale_cli.ts";

/** Kills of a whole run, of which each scenario has its share. The others have one round. */
const KILLS = 20;

/** The writer costs little for each kill. */
const WRITER_KILLS = 130;

/** Most of the time, scenarios wait. */
const AT_ONCE = 4;

const missing = SCENARIOS.flatMap(({ name, needs }) => {
  const reason = missingNeed(needs);
  return reason === null ? [] : [`${name} ${reason}`];
});

Deno.test({
  name: `the scenarios of the fault suite find nothing${
    missing.length === 0 ? "" : ` (not run: ${missing.join(", ")})`
  }`,
  async fn() {
    const found: string[] = [];
    const queue = SCENARIOS.filter(({ needs }) => missingNeed(needs) === null);
    const work = async () => {
      for (let scenario = queue.shift(); scenario !== undefined; scenario = queue.shift()) {
        const options = {
          ...{ hale: haleProgram().words, jobs: 1, keep: false },
          kills: scenario.name === "writer" ? WRITER_KILLS : KILLS,
          ...{ seed: Date.now() % 1_000_000, signal: new AbortController().signal },
          report: (line: string) => console.error(line),
        };
        const { name, tally } =
          await (runInside(scenario, options) ?? runScenario(scenario, options));
        found.push(...tally.details.map((detail) => `${name}, seed ${options.seed}: ${detail}`));
        if (tally.faults === 0) found.push(`${name} has injected no fault`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    assertEquals(found, []);
  },
});
