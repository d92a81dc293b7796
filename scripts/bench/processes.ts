/**
 * Measures how long the process table takes on this system: `deno run -A scripts/bench/processes.ts`. CI runs it
 * on each system. Absolute times are noisy: compare figures within one run.
 *
 * @module
 */

import { targetName } from "../../src/model/target.ts";
import { identify } from "../../src/spawn/identify.ts";
import {
  bootId,
  hostTarget,
  inspectProcesses,
  listProcesses,
  ownersOfPort,
  surveyProcesses,
} from "../../src/platform/mod.ts";
import { median } from "./median.ts";

const RUNS = Number(Deno.args[0] ?? 15);

/** What the supervisor asks for, and when. */
const MEASURED: readonly (readonly [name: string, act: () => Promise<unknown>])[] = [
  ["boot id, first time", () => bootId()],
  ["one process: an adopted service", () => identify(Deno.pid)],
  ["ten processes", () => inspectProcesses(Array.from({ length: 10 }, (_, index) => index + 1))],
  ["all processes", () => listProcesses()],
  ["all processes and marks: a stop", () => surveyProcesses([])],
  ["owner of a port: an occupied port", () => ownersOfPort(1)],
];

const { length } = await listProcesses();
console.log(
  `${
    targetName(hostTarget())
  }, ${length} processes, ${RUNS} runs each; median (fastest to slowest)`,
);
for (const [name, act] of MEASURED) {
  const figures: number[] = [];
  for (let run = 0; run < (name.endsWith("first time") ? 1 : RUNS); run++) {
    const startedAt = performance.now();
    await act();
    figures.push(performance.now() - startedAt);
  }
  const range = `${Math.min(...figures).toFixed(1)} to ${Math.max(...figures).toFixed(1)}`;
  console.log(`${name.padEnd(36)}${median(figures).toFixed(1)} ms  (${range})`);
}
