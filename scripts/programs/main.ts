/**
 * Takes real programs through up, kill -9 of the leader, kill -9 of a child, restart and down, and
 * compares every word of hale with the process table, with sockets and with the program's own
 * answers. Linux only: it reads `/proc`.
 *
 *     deno task programs [NAME...] [--json] [--jobs N]
 *
 * Programs that this machine does not have are listed as not installed. `HALE_BIN` names a
 * compiled hale to try in place of this source. Ends with 1 if a word was untrue, a process was
 * left over, or a trial broke off.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { type Program, readCatalogue } from "./program.ts";
import { renderReport } from "./report.ts";
import { Trial } from "./trial.ts";
import { newResult, type TrialResult } from "./trial_result.ts";
import { NotInstalled, Workshop } from "./workshop.ts";

const CATALOGUE = new URL("./catalogue/", import.meta.url);

/** Takes a program through all steps; however that ends, nothing of it is left afterwards. */
async function tryProgram(program: Program, signal: AbortSignal): Promise<TrialResult> {
  try {
    await using workshop = await Workshop.open(program);
    using trial = new Trial(workshop, signal);
    try {
      await trial.run();
    } catch (error) {
      trial.result.broken = String(error);
    } finally {
      await trial.end();
    }
    return trial.result;
  } catch (error) {
    const result = newResult(program.name, null);
    if (error instanceof NotInstalled) result.notInstalled = error.message;
    else result.broken = String(error);
    return result;
  }
}

async function tryAll(
  programs: readonly Program[],
  { jobs, signal }: { jobs: number; signal: AbortSignal },
): Promise<TrialResult[]> {
  const results: TrialResult[] = [];
  const queue = [...programs];
  const work = async () => {
    for (let program = queue.shift(); program !== undefined; program = queue.shift()) {
      if (signal.aborted) return;
      const startedAt = performance.now();
      const result = await tryProgram(program, signal);
      results.push(result);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      const { untrue, left, notInstalled, broken } = result;
      const words = notInstalled ?? broken ??
        `${untrue.length} untrue, ${left.length} left over`;
      console.error(`${program.name}: ${words} (${seconds} s)`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return results.sort((one, other) => one.program.localeCompare(other.program));
}

if (import.meta.main) {
  const { _: names, json, jobs } = parseArgs(Deno.args, {
    boolean: ["json"],
    string: ["jobs"],
    default: { jobs: "1" },
  });
  const all = await readCatalogue(CATALOGUE);
  const unknown = names.filter((name) => !all.some((program) => program.name === name));
  if (unknown.length > 0) throw new Error(`no program ${unknown.join(", ")} in the catalogue`);
  const chosen = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  const interrupted = new AbortController();
  const onInterrupt = () => interrupted.abort(new Error("interrupted"));
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) Deno.addSignalListener(signal, onInterrupt);
  const results = await tryAll(chosen, { jobs: Number(jobs), signal: interrupted.signal });
  for (const signal of signals) Deno.removeSignalListener(signal, onInterrupt);
  console.log(json ? JSON.stringify(results, null, 2) : renderReport(results));
  const isGood = results.every(({ untrue, left, broken }) =>
    untrue.length === 0 && left.length === 0 && broken === null
  );
  if (!isGood) Deno.exitCode = 1;
}
