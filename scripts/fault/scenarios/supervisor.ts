import type { ServiceTables } from "../../../src/config/schema/tables.ts";
import type { HaleProcess } from "../hale_process.ts";
import { HomeWatch } from "../home_watch.ts";
import { judgeRecords } from "../judge_home.ts";
import { type Episode, pause, playEpisodes } from "../lanes.ts";
import { LaunchLedger } from "../launch_ledger.ts";
import type { Random } from "../random.ts";
import type { FaultRun, Scenario } from "../scenario.ts";
import { sendSignal, Stage } from "../stage.ts";

/** Commands at the same time. */
const PENDING = 3;

/** Files whose change a kill follows. Together they are written in every step of a launch and a stop. */
const AIMS: readonly [RegExp, ...RegExp[]] = [
  /\/launches\//,
  /\/transcript\.jsonl$/,
  /\/service\.json/,
  /\/events\.jsonl$/,
  /\/audit\.jsonl$/,
  /\/runtime\.json/,
  /\/configs\//,
  /\/endpoint\.json/,
  /\/logs\//,
];

/** The supervisor is killed while services start, crash, restart and stop. */
export const supervisor: Scenario = {
  name: "supervisor",
  faults: "SIGKILL to the supervisor: at random, at a change of a file, and while it starts",
  needs: ["linux"],
  share: 1_500,
  rounds: null,
  run: (run) => playEpisodes(run, { lanes: 2, amount: 40 }, (episode) => play(run, episode)),
};

async function play(run: FaultRun, { amount, random }: Episode): Promise<void> {
  await using stage = await Stage.open(run);
  const ledger = new LaunchLedger(stage.root);
  const projects = servicesOf(ledger);
  for (const [project, services] of Object.entries(projects)) {
    await stage.project(project, services);
  }
  await stage.command("lively", "up", "--timeout", "500ms");
  using watch = new HomeWatch(stage.home);
  const pending = new Set<HaleProcess>();
  for (let kills = 0; kills < amount && !run.signal.aborted;) {
    while (pending.size < PENDING) disturb(stage, random, pending);
    if (await killOnce(stage, { random, watch, pending })) kills++;
  }
  for (const command of pending) stage.judgeResult(await command.result);
  await judgeCalm(stage);
  await stage.endOrderly(Object.keys(projects));
  for (const [project, services] of Object.entries(projects)) {
    await judgeRecords(stage, project, { services: Object.keys(services), ledger });
  }
  await stage.healthy("calm");
}

function servicesOf(ledger: LaunchLedger): Record<string, Record<string, ServiceTables>> {
  const restart = { max: 1_000_000, delay: "1ms", max_delay: "100ms", reset_after: "1h" } as const;
  const service = (name: string, text: string, more: ServiceTables = {}): ServiceTables => ({
    command: "sh",
    args: ["-c", ledger.opening(name) + text],
    restart,
    stop: { timeout: "10s" },
    ...more,
  });
  const always = { restart: { ...restart, policy: "always" as const } };
  return {
    lively: {
      flash: service("flash", "exit 1"),
      spark: service("spark", "sleep 0.1; exit 0", always),
      flame: service("flame", "sleep 0.3; kill -9 $$", always),
      // Its leader ends and leaves a process in another session, which ends before the next launch.
      brief: service("brief", "setsid sleep 1000 & sleep 0.4; exit 2", always),
      stubborn: service("stubborn", "trap '' TERM; while :; do sleep 0.1; done", {
        stop: { timeout: "100ms" },
      }),
      job: service("job", "sleep 0.2", { restart: "never" }),
    },
    calm: {
      steady: service("steady", "exec sleep 1000"),
      family: service("family", "sleep 1000 & setsid sleep 1000 & exec sleep 1000"),
      slow: service("slow", "trap 'sleep 0.3; exit 0' TERM; while :; do sleep 0.05; done"),
      late: service("late", "exec sleep 1000", { depends_on: ["steady"] }),
    },
  };
}

/** Starts a command that will meet the kill. */
function disturb(stage: Stage, random: Random, pending: Set<HaleProcess>): void {
  const project = random.pick(["lively", "calm"]);
  const service = project === "calm"
    ? random.pick(["steady", "family", "slow", "late"])
    : random.pick(["flash", "spark", "flame", "brief", "stubborn", "job"]);
  const args = random.pick([
    ["up", "--timeout", "300ms"],
    ["up", service, "--timeout", "300ms"],
    ["restart", service],
    ["stop", service],
    ["start", service],
    ["down"],
    ["status"],
    ["logs", service],
    ["history", service],
    ["doctor"],
  ]);
  if (random.chance(0.2)) crashOne(stage, random);
  const command = stage.start(project, args);
  pending.add(command);
  command.result.then((result) => {
    stage.judgeResult(result);
    pending.delete(command);
  });
}

/** Kills a process of a service. */
function crashOne(stage: Stage, random: Random): void {
  const [first, ...others] = stage.processes().filter(({ launch }) => launch !== null);
  if (first === undefined) return;
  if (sendSignal(random.pick([first, ...others]).pid, "SIGKILL")) stage.run.tally.add("faults");
}

/** Kills the supervisor once, if one is found. */
async function killOnce(
  stage: Stage,
  { random, watch, pending }: { random: Random; watch: HomeWatch; pending: Set<HaleProcess> },
): Promise<boolean> {
  // Pending commands start one, unless all of them only read and nothing is to run.
  if (pending.size === 0) disturb(stage, random, pending);
  const pid = await Promise.race([findSupervisor(stage, pending), pause(5_000).then(() => null)]);
  if (pid === null) return false;
  const what = random.next();
  if (what < 0.35) await pause(random.between(0, 500));
  else if (what < 0.85) await watch.next(random.pick(AIMS), 500);
  else await pause(random.between(0, 60));
  if (random.chance(0.5)) await pause(random.between(0, 4));
  return await stage.killSupervisor(pid);
}

async function findSupervisor(stage: Stage, pending: Set<HaleProcess>): Promise<number | null> {
  while (pending.size > 0) {
    const pid = stage.supervisor();
    if (pid !== null) return pid;
    await pause(3);
  }
  return stage.supervisor();
}

/** After the kills one command makes everything right: each service runs exactly once. */
async function judgeCalm(stage: Stage): Promise<void> {
  await stage.ok("calm", "up");
  const processes = stage.processes().filter(({ leads, launch }) => leads && launch !== null);
  for (const { name, state, pid } of await stage.status("calm")) {
    const launches = new Set(
      processes.filter(({ service }) => service === name).map(({ launch }) => launch),
    );
    if (state !== "running") stage.bad("wrong", `${name} is ${state} after hale up`);
    if (launches.size > 1) stage.bad("doubled", `${name} has ${launches.size} launches`);
    if (!processes.some((process) => process.pid === pid)) {
      stage.bad("lost", `${name} is said to be ${pid}, which does not run`);
    }
  }
}
