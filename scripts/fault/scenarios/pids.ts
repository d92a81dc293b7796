import type { ServiceTables } from "../../../src/config/schema/tables.ts";
import { type Episode, playEpisodes } from "../lanes.ts";
import { startTimeOf, stateOf } from "../marked_processes.ts";
import type { Random } from "../random.ts";
import type { FaultRun, Scenario } from "../scenario.ts";
import { sendSignal, Stage } from "../stage.ts";
import { Stranger } from "../stranger.ts";

/** A process that is started gets the pid after this one, in this namespace (pid_namespaces(7)). */
const LAST_PID = "/proc/sys/kernel/ns_last_pid";

/** Another process may be started between the two steps. */
const ATTEMPTS = 50;

/** Pids that hale has on record belong to strangers. */
export const pids: Scenario = {
  name: "pids",
  faults: "recorded pids of services and supervisors that belong to strangers, in a pid namespace",
  needs: ["linux", "root", "pids"],
  share: null,
  rounds: 200,
  run: (run) => playEpisodes(run, { lanes: 1, amount: 10 }, (episode) => play(run, episode)),
};

async function play(run: FaultRun, { amount, random }: Episode): Promise<void> {
  await using stage = await Stage.open(run);
  const restart: ServiceTables["restart"] = { policy: "always", delay: "50ms", max: 1_000_000 };
  await stage.project("app", {
    web: { command: "sleep", args: ["1000"], restart },
    // It leaves its process group behind, of which a process is in another session.
    tree: { command: "sh", args: ["-c", "setsid sleep 1000 & exec sleep 1000"], restart },
  });
  await stage.ok("app", "up");
  for (let round = 0; round < amount && !run.signal.aborted; round++) {
    const strangers: Stranger[] = [];
    try {
      await confuse(stage, random, strangers);
      const commands = [["up"], ["status"], ["stop", "web"], ["restart", "web", "tree"], ["down"], [
        "doctor",
        "--repair",
      ], ["supervise", "--replace"]] as const;
      for (let count = 0; count < 2; count++) {
        const args = random.pick<readonly string[]>(commands);
        if (args[0] === "supervise") await replaceSupervisor(stage);
        else await stage.command("app", ...args);
      }
      await stage.ok("app", "up");
      for (const stranger of strangers) stranger.judge(run.tally, stage.root);
    } finally {
      for (const stranger of strangers) await stranger[Symbol.asyncDispose]();
    }
    await judge(stage);
  }
  await stage.endOrderly(["app"]);
}

/** Ends processes of hale and gives their pids to strangers. */
async function confuse(stage: Stage, random: Random, strangers: Stranger[]): Promise<void> {
  const services = await stage.status("app");
  const supervisor = stage.supervisor();
  // Without its supervisor, a recorded pid stays on record after its process has ended.
  const isSupervised = random.chance(0.4);
  if (!isSupervised && supervisor !== null) {
    const startedAt = startTimeOf(supervisor);
    await stage.killSupervisor(supervisor);
    if (random.chance(0.5)) await takePid(stage, { pid: supervisor, startedAt }, strangers);
  }
  for (const { pid } of services) {
    if (pid === null || random.chance(0.3)) continue;
    const startedAt = startTimeOf(pid);
    sendSignal(pid, "SIGKILL");
    await takePid(stage, { pid, startedAt }, strangers);
  }
  for (const stranger of strangers) {
    await stage.until("a stranger is ready", () => stranger.isReady);
  }
}

/** Starts a stranger with the pid of a process that ends, unless another process has got it first. */
async function takePid(
  stage: Stage,
  { pid, startedAt }: { readonly pid: number; readonly startedAt: string | null },
  strangers: Stranger[],
): Promise<void> {
  await stage.until(`pid ${pid} is free`, () => startTimeOf(pid) !== startedAt);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (stateOf(pid) !== "gone") return;
    Deno.writeTextFileSync(LAST_PID, String(pid - 1));
    const stranger = Stranger.start({ hasWorker: true });
    if (stranger.pid === pid) {
      strangers.push(stranger);
      stage.run.tally.add("faults");
      return;
    }
    await stranger[Symbol.asyncDispose]();
  }
}

/** Ends the supervisor by the command that takes its role, which is then killed. */
async function replaceSupervisor(stage: Stage): Promise<void> {
  const command = stage.start("app", ["supervise", "--replace"], { boundMs: Infinity });
  await stage.until(
    "a supervisor takes over",
    () => command.isOver || command.stderr.includes("supervising "),
  );
  if (command.signal("SIGKILL")) stage.run.tally.add("kills");
  await command.result;
}

async function judge(stage: Stage): Promise<void> {
  const processes = stage.processes().filter(({ leads, launch }) => leads && launch !== null);
  for (const { name, state, pid } of await stage.status("app")) {
    const isThere = processes.some((process) => process.pid === pid && process.service === name);
    if (state !== "running" || !isThere) {
      stage.bad("wrong", `${name} is said to be ${state} with pid ${pid}`);
    }
    const launches = processes.filter(({ service }) => service === name).map(({ launch }) =>
      launch
    );
    if (new Set(launches).size > 1) stage.bad("doubled", `${name} has two launches`);
  }
}
