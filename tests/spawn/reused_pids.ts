/**
 * Runs in a pid namespace of its own, where it decides which pid the next process gets: strangers get those
 * of processes that hale has started. Prints what became of them, as JSON.
 *
 * @module
 */

import { LaunchTrace } from "../../src/spawn/launch_trace.ts";
import { runBriefly } from "../../src/spawn/run_briefly.ts";
import { killGroupOf } from "../../src/spawn/signals.ts";
import { stopLaunch } from "../../src/spawn/stop_launch.ts";
import { alive, ScriptLaunch } from "../fixtures/script_launch.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { until } from "../fixtures/until.ts";

const LAST_PID = "/proc/sys/kernel/ns_last_pid";

/** How often a pid is given away. A thread that starts in the same moment may take it first. */
const ROUNDS = 12;

/** Strangers that got the pid, and those of them that are still running. */
interface Outcome {
  reused: number;
  running: number;
}

/**
 * Starts a stranger that gets a pid and leads a session of that id.
 *
 * @returns Its worker, which is alone in the group afterwards; null if another process took the pid.
 */
async function strangerWith(pid: number, folder: TempFolder): Promise<number | null> {
  const worker = folder.join(`worker-${crypto.randomUUID()}`);
  const script = `sleep 60 </dev/null >/dev/null 2>&1 & echo $! >"${worker}"`;
  Deno.writeTextFileSync(LAST_PID, String(pid - 1));
  const child = new Deno.Command("setsid", { args: ["/bin/sh", "-c", script] }).spawn();
  await child.status;
  const started = Number(Deno.readTextFileSync(worker));
  if (child.pid === pid) return started;
  Deno.kill(started, "SIGKILL");
  return null;
}

/** Stops launches that have exited, after a stranger got their pid. */
async function stopReused(folder: TempFolder): Promise<Outcome> {
  const outcome = { reused: 0, running: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const launch = new ScriptLaunch(folder, "exec sleep 60", { name: `launch-${round}` });
    const leader = await launch.identity();
    const trace = await launch.trace();
    await trace.find();
    Deno.kill(launch.pid, "SIGKILL");
    await launch.exited;
    const worker = await strangerWith(launch.pid, folder);
    if (worker === null) continue;
    outcome.reused++;
    await stopLaunch(trace, { signal: "SIGKILL", timeoutMs: 100, leftoversMs: 100 });
    // As a new supervisor knows it, from its record alone.
    const known = new LaunchTrace(launch.id, { pidFile: launch.pidFile, leader });
    await stopLaunch(known, { signal: "SIGKILL", timeoutMs: 100, leftoversMs: 100 });
    await killGroupOf(leader);
    outcome.running += (await alive([worker])).length;
    Deno.kill(worker, "SIGKILL");
  }
  return outcome;
}

/** Runs commands whose pid is given to a stranger as soon as hale has seen their exit. */
async function runReused(folder: TempFolder): Promise<Outcome> {
  const outcome = { reused: 0, running: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const [pidFile, result] = [folder.join(`pid-${round}`), folder.join(`result-${round}`)];
    Deno.writeTextFileSync(pidFile, "");
    const script = `pid=; while [ -z "$pid" ]; do read pid <"${pidFile}"; done
      while kill -0 "$pid" 2>/dev/null; do :; done
      echo $((pid - 1)) >${LAST_PID}
      setsid sleep 60 </dev/null >/dev/null 2>&1 &
      echo "$pid $!" >"${result}.new"; mv "${result}.new" "${result}"`;
    const giving = new Deno.Command("/bin/sh", { args: ["-c", script] }).spawn();
    await runBriefly(["/bin/sh", "-c", `echo $$ >"${pidFile}"`], { timeoutMs: 60_000 });
    await giving.status;
    const [pid, stranger] = await until(() => {
      const pids = folder.read(`result-${round}`).trim().split(" ").map(Number);
      return pids.length === 2 && pids;
    });
    if (pid === stranger) {
      outcome.reused++;
      outcome.running += (await alive([stranger!])).length;
    }
    try {
      Deno.kill(stranger!, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return outcome;
}

using folder = new TempFolder();
console.log(JSON.stringify({ stop: await stopReused(folder), run: await runReused(folder) }));
