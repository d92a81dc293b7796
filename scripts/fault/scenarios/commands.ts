import type { ServiceTables } from "../../../src/config/schema/tables.ts";
import type { HaleResult } from "../hale_process.ts";
import { judgeRecords } from "../judge_home.ts";
import { type Episode, pause, playEpisodes } from "../lanes.ts";
import { LaunchLedger } from "../launch_ledger.ts";
import type { FaultRun, Scenario } from "../scenario.ts";
import { Stage } from "../stage.ts";

/** Every command that changes something, and some that read. */
const COMMANDS: readonly [readonly string[], ...(readonly string[])[]] = [
  ["up"],
  ["up", "--timeout", "1s"],
  ["up", "web"],
  ["up", "--foreground"],
  ["stop", "web"],
  ["restart", "web"],
  ["restart", "tree", "web"],
  ["down"],
  ["start", "tree"],
  ["start", "extra", "--", "sleep", "1000"],
  ["stop", "extra"],
  ["rm", "extra"],
  ["cache", "prune"],
  ["doctor"],
  ["doctor", "--repair"],
  ["config", "check"],
  ["fetch"],
  ["supervise", "--replace"],
  ["audit", "--verify"],
  ["status"],
];

/** Any command is killed at any moment: the home stays whole, and the next command works. */
export const commands: Scenario = {
  name: "commands",
  faults: "SIGKILL to every command of hale at a random moment",
  needs: ["linux"],
  share: 1_000,
  rounds: null,
  run: (run) => playEpisodes(run, { lanes: 2, amount: 40 }, (episode) => play(run, episode)),
};

async function play(run: FaultRun, { amount, random }: Episode): Promise<void> {
  await using stage = await Stage.open(run);
  const ledger = new LaunchLedger(stage.root);
  const service = (name: string, text: string): ServiceTables => ({
    command: "sh",
    args: ["-c", ledger.opening(name) + text],
    stop: { timeout: "10s" },
    ready_after: "200ms",
  });
  const services = {
    web: service("web", "exec sleep 1000"),
    tree: service("tree", "sleep 1000 & setsid sleep 1000 & exec sleep 1000"),
  };
  await stage.project("app", services);
  for (let kills = 0; kills < amount && !run.signal.aborted;) {
    const command = stage.start("app", random.pick(COMMANDS));
    await Promise.race([command.result, pause(random.between(0, 350))]);
    if (command.signal("SIGKILL")) {
      run.tally.add("kills");
      kills++;
    } else if (command.isOver) {
      judgeResult(stage, await command.result);
    }
    await command.result;
    if (random.chance(0.1)) await judgeCalm(stage);
  }
  await judgeCalm(stage);
  judgeResult(stage, await stage.start("app", ["stop", "extra"]).result);
  await stage.endOrderly(["app"]);
  await judgeRecords(stage, "app", { services: Object.keys(services), ledger });
  await stage.healthy("app");
}

/** The service that is started without a file may not be there. */
function judgeResult(stage: Stage, result: HaleResult): void {
  if (result.code === 2 && result.stderr.includes('no service "extra"')) return;
  stage.judgeResult(result);
}

async function judgeCalm(stage: Stage): Promise<void> {
  await stage.ok("app", "up");
  await stage.healthy("app");
  const leaders = stage.processes().filter(({ leads, launch }) => leads && launch !== null);
  for (const { name, state, pid } of await stage.status("app")) {
    const launches = new Set(
      leaders.filter(({ service }) => service === name).map(({ launch }) => launch),
    );
    if (launches.size > 1) stage.bad("doubled", `${name} has ${launches.size} launches`);
    if (name === "extra") continue;
    if (state !== "running" || !leaders.some((leader) => leader.pid === pid)) {
      stage.bad("lost", `${name} is said to be ${state} with pid ${pid}`);
    }
  }
}
