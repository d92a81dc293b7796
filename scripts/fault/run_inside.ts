import { isThere } from "../../src/files/is_there.ts";
import { fromFileUrl, join } from "@std/path";
import { INSIDE, missingNeed, UNSHARE } from "./needs.ts";
import type { RunOptions, ScenarioResult } from "./run_scenario.ts";
import type { Scenario } from "./scenario.ts";

const MAIN = fromFileUrl(new URL("./main.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));

/**
 * Calls a function when the program that has started this one for a scenario wants it to end.
 *
 * @param end The function. It is not called in a program that was started otherwise.
 */
export function onRequestToEnd(end: () => void): void {
  const path = Deno.env.get(END_FILE);
  if (path === undefined) return;
  const timer = setInterval(() => {
    if (!isThere(path)) return;
    clearInterval(timer);
    end();
  }, 300);
  Deno.unrefTimer(timer);
}

/** Whether this program runs one scenario for another one. */
export function isInside(): boolean {
  return Deno.env.get(INSIDE) !== undefined;
}

/** Names the file whose existence ends a scenario: unshare(1) does not pass on signals. */
const END_FILE = "HALE_FAULT_END";

/** A shell that reads the status of orphans, as the first process of a pid namespace must. */
const FIRST_PROCESS = ["sh", "-c", '"$@"; exit $?', "sh"];

/**
 * Runs a scenario in a process of its own, in the private namespace that it needs.
 *
 * @param scenario The scenario.
 * @param options How it is run.
 * @returns What it has shown; null if it needs no process of its own, or this is the one.
 */
export function runInside(
  scenario: Scenario,
  options: RunOptions & { readonly jobs: number },
): Promise<ScenarioResult> | null {
  const inside = Deno.env.get(INSIDE);
  const need = scenario.needs.find((it) => it === "mount" || it === "pids") ?? null;
  const isNeeded = need !== null || options.jobs > 1;
  // Where something is missing, the scenario itself says so.
  if (!isNeeded || inside === scenario.name || missingNeed(scenario.needs) !== null) return null;
  return start(scenario.name, need, options);
}

async function start(
  name: string,
  need: "mount" | "pids" | null,
  options: RunOptions,
): Promise<ScenarioResult> {
  const [program = "", ...args] = [
    ...(need === null ? [] : ["unshare", ...UNSHARE[need]]),
    ...(need === "pids" ? FIRST_PROCESS : []),
    ...[Deno.execPath(), "run", "-q", "-A", "--config", CONFIG, MAIN, name, "--json"],
    ...["--kills", String(options.kills), "--seed", String(options.seed)],
    ...(options.hale.length === 1 ? ["--hale", options.hale[0]!] : []),
    ...(options.keep ? ["--keep"] : []),
  ];
  const folder = await Deno.makeTempDir({ prefix: "hale-fault-end-" });
  const file = join(folder, "end");
  const end = () => Deno.writeTextFileSync(file, "");
  if (options.signal.aborted) end();
  options.signal.addEventListener("abort", end);
  const { stdout } = await new Deno.Command(program, {
    ...{
      args,
      env: { [INSIDE]: name, [END_FILE]: file },
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    },
    // What a terminal sends to this program must not end commands of hale that are being judged.
    detached: true,
  }).output();
  options.signal.removeEventListener("abort", end);
  await Deno.remove(folder, { recursive: true });
  const { results } = JSON.parse(new TextDecoder().decode(stdout));
  return results[0];
}
