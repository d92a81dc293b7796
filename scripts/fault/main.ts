/**
 * hale's fault suite: kills, freezes and starves hale while it works, and compares what it says with what
 * is true. Prints a table. Ends with 1 if anything was lost, doubled, signalled by mistake, wrong, or if
 * something did not end.
 *
 *     deno task fault [SCENARIO...] [--kills 10000] [--minutes N] [--seed N] [--hale PATH]
 *                     [--jobs N] [--json | --markdown] [--keep]
 *
 * Without `--hale` or `HALE_BIN` it tries this source. `--keep` keeps the homes in which something was
 * wrong. `--jobs` runs scenarios at the same time. Scenarios that the machine or the user cannot run are listed with the reason.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { resolve } from "@std/path";
import { haleProgram } from "../programs/hale_cli.ts";
import { isClean, renderReport } from "./report.ts";
import { type RunOptions, runScenario, type ScenarioResult } from "./run_scenario.ts";
import { SCENARIOS } from "./scenarios.ts";
import { isInside, onRequestToEnd, runInside } from "./run_inside.ts";
import { chosenScenarios } from "./chosen_scenarios.ts";

async function runAll(
  names: readonly string[],
  options: RunOptions & { readonly jobs: number },
): Promise<ScenarioResult[]> {
  const scenarios = chosenScenarios(SCENARIOS, names);
  const results = new Map<string, ScenarioResult>();
  const queue = [...scenarios];
  const work = async () => {
    for (let scenario = queue.shift(); scenario !== undefined; scenario = queue.shift()) {
      if (options.signal.aborted) return;
      const { name } = scenario;
      const result = await (runInside(scenario, options) ?? runScenario(scenario, options));
      const { skipped, tally: { faults, kills }, seconds } = result;
      // Else the program that has started this one says so.
      if (!isInside()) {
        options.report(`${name}: ${skipped ?? `${faults} faults, ${kills} kills in ${seconds} s`}`);
      }
      results.set(name, result);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, work));
  return scenarios.flatMap(({ name }) => results.get(name) ?? []);
}

if (import.meta.main) {
  const { _: names, hale, kills, minutes, seed, jobs, json, markdown, keep } = parseArgs(
    Deno.args,
    {
      boolean: ["json", "markdown", "keep"],
      string: ["hale", "kills", "minutes", "seed", "jobs"],
    },
  );
  const ended = new AbortController();
  const end = () => ended.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, end);
  onRequestToEnd(end);
  const timer = minutes === undefined ? null : setTimeout(end, Number(minutes) * 60_000);
  const options = {
    hale: hale === undefined ? haleProgram().words : [resolve(String(hale))],
    kills: Number(kills ?? 10_000),
    seed: Number(seed ?? Date.now() % 1_000_000),
    jobs: Number(jobs ?? 1),
    keep: keep === true,
    signal: ended.signal,
    report: (line: string) => console.error(line),
  };
  if (!json) console.error(`seed ${options.seed}`);
  const results = await runAll(names.map(String), options);
  if (timer !== null) clearTimeout(timer);
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(signal, end);
  const text = json
    ? JSON.stringify({ seed: options.seed, results }, null, 2)
    : renderReport(results, { seed: options.seed, markdown: markdown === true });
  console.log(text);
  if (!results.every(isClean)) Deno.exitCode = 1;
}
