/**
 * Benchmarks hale's commands on this machine: `deno task bench`. Times are medians of several runs;
 * absolute times are noisy, so compare figures within one run.
 *
 * @module
 */

import { BenchHome } from "./bench_home.ts";
import { median } from "./median.ts";

const RUNS = Number(Deno.args[0] ?? 15);

const rows: [string, string][] = [];
await using home = await BenchHome.create();
const empty = await home.emptyProgram();
rows.push(["an empty Deno program", ms(await repeat(() => empty()))]);
rows.push(["hale version", ms(await repeat(() => home.hale("version")))]);
rows.push([
  "hale up, first service, without a supervisor",
  ms([await timed(() => home.hale("up"))]),
]);
rows.push(["hale status, one service", ms(await repeat(() => home.hale("status")))]);
rows.push(["hale up, all services running", ms(await repeat(() => home.hale("up")))]);
rows.push(["hale stop and start", ms(await repeat(stopAndStart))]);
rows.push([
  "kill -9 until the next launch runs",
  ms(await repeat(() => home.crashToSuccessor(), (value) => value)),
]);
rows.push(["supervisor, resident memory", `${await home.supervisorMegabytes()} MB`]);
rows.push(["supervisor, CPU in 10 idle seconds", `${await home.idleCpuMs(10_000)} ms`]);

const width = Math.max(...rows.map(([name]) => name.length));
console.log(`${RUNS} runs each; median (fastest to slowest)`);
for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);

async function stopAndStart(): Promise<void> {
  await home.hale("stop", "bench");
  await home.hale("start", "bench");
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
}

/** Runs an action several times and collects its durations, or `figure` of its results. */
async function repeat<T>(
  act: () => Promise<T>,
  figure?: (value: T) => number,
): Promise<number[]> {
  await act();
  const figures: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const startedAt = performance.now();
    const value = await act();
    figures.push(figure === undefined ? performance.now() - startedAt : figure(value));
  }
  return figures;
}

function ms(figures: number[]): string {
  const range = figures.length > 1
    ? `  (${Math.min(...figures).toFixed(1)} to ${Math.max(...figures).toFixed(1)})`
    : "";
  return `${median(figures).toFixed(1)} ms${range}`;
}
