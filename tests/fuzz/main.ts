/**
 * Looks for inputs that break a reader: `deno task fuzz [TARGET...] [--minutes N] [--seed N]`.
 *
 * Each target is checked for the given time, one after the other. What fails is made smaller and
 * written to `tests/corpus/TARGET`, where the tests read it from then on. Give the file a name that
 * says what it is. Exits with status 1 if an input failed.
 *
 * @module
 */

import { join } from "@std/path";
import { parseArgs } from "@std/cli/parse-args";
import { CORPUS, type Failure } from "./explore.ts";
import { TARGETS } from "./target_names.ts";
import { watchTarget } from "./watch_target.ts";

const PROGRESS_MS = 30_000;

const args = parseArgs(Deno.args, { string: ["minutes", "seed", "_"] });
const names = args._;
const minutes = String(args.minutes ?? 10);
const seed = String(args.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1);
const targets = names.length === 0 ? TARGETS : names.map(String);
for (const name of targets) {
  if (!TARGETS.includes(name)) throw new Error(`${name} is not one of ${TARGETS.join(", ")}`);
}
if (!(Number(minutes) > 0)) throw new Error(`--minutes ${minutes} is not a number above 0`);
if (!/^[0-9]+$/.test(seed)) throw new Error(`--seed ${seed} is not a whole number`);
let failed = 0;
for (const name of targets) failed += await fuzz(name);
Deno.exitCode = failed === 0 ? 0 : 1;

async function fuzz(name: string): Promise<number> {
  const startedAt = Date.now();
  let next = startedAt + PROGRESS_MS;
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  console.log(`${name}: ${minutes} minutes, seed ${seed}`);
  const { inputs, failures } = await watchTarget(name, {
    seed: Number(seed),
    runs: Infinity,
    until: startedAt + Number(minutes) * 60_000,
    onFailure: (failure) => keep(name, failure),
    onProgress: (inputs) => {
      if (Date.now() < next) return;
      next = Date.now() + PROGRESS_MS;
      console.log(`${name}: ${inputs} inputs in ${seconds()} s`);
    },
  });
  console.log(`${name}: done, ${inputs} inputs in ${seconds()} s, ${failures.length} faults`);
  return failures.length;
}

function keep(name: string, { input, file, kind, error, seed }: Failure): void {
  const kept = file ?? `${kind}`;
  if (file === null) {
    Deno.mkdirSync(join(CORPUS, name), { recursive: true });
    Deno.writeFileSync(join(CORPUS, name, kept), input);
  }
  const from = seed === null ? "" : ` (seed ${seed})`;
  console.log(
    `${name}: tests/corpus/${name}/${kept} fails, ${input.length} bytes${from}\n${error}\n`,
  );
}
