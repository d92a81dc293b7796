import type { ServiceTables } from "../../../src/config/schema/tables.ts";
import { judgeRecords } from "../judge_home.ts";
import { type Episode, pause, playEpisodes } from "../lanes.ts";
import { LaunchLedger } from "../launch_ledger.ts";
import type { Random } from "../random.ts";
import type { FaultRun, Scenario } from "../scenario.ts";
import { sendSignal, Stage } from "../stage.ts";

/** Supervisor, services and commands are suspended and continued: no wrong verdict, all commands end. */
export const frozen: Scenario = {
  name: "frozen",
  faults: "SIGSTOP for up to five seconds to the supervisor, to services and to commands",
  needs: ["linux"],
  share: null,
  rounds: 80,
  run: (run) => playEpisodes(run, { lanes: 2, amount: 10 }, (episode) => play(run, episode)),
};

async function play(run: FaultRun, { amount, random }: Episode): Promise<void> {
  await using stage = await Stage.open(run);
  const ledger = new LaunchLedger(stage.root);
  const service = (name: string, more: ServiceTables = {}): ServiceTables => ({
    command: "sh",
    args: ["-c", `${ledger.opening(name)}exec sleep 1000`],
    stop: { timeout: "10s" },
    ...more,
  });
  const services = {
    web: service("web"),
    // One failed check restarts it, and a check that was suspended has not failed.
    touchy: service("touchy", {
      health: {
        ...{ exec: ["sh", "-c", "sleep 0.2"], interval: "100ms", timeout: "3s" },
        ...{ failures: 1, on_unhealthy: "restart", within: "60s" },
      },
    }),
  };
  await stage.project("app", services);
  await stage.ok("app", "up");
  for (let round = 0; round < amount && !run.signal.aborted; round++) {
    await random.pick([freezeSupervisor, freezeSupervisor, freezeService, freezeCommand])(
      stage,
      random,
    );
  }
  await stage.endOrderly(["app"]);
  await judgeRecords(stage, "app", { services: Object.keys(services), ledger });
  await stage.healthy("app");
}

/** Nothing is restarted, and commands end while it lasts. */
async function freezeSupervisor(stage: Stage, random: Random): Promise<void> {
  const before = await pidsOf(stage);
  const pid = stage.supervisor();
  if (pid === null) throw stage.broken("lost", "no supervisor runs after hale up");
  sendSignal(pid, "SIGSTOP");
  stage.run.tally.add("faults");
  const [first, second] = [["status"], ["logs", "web"], ["up", "--timeout", "2s"], ["doctor"]].sort(
    () => random.next() - 0.5,
  );
  const commands = [first!, second!].map((args) => stage.command("app", ...args));
  await pause(random.between(100, 5_000));
  sendSignal(pid, "SIGCONT");
  await Promise.all(commands);
  await judgeUnchanged(stage, before, "the supervisor was suspended");
}

/** A suspended service is stopped like any other, or continues as if nothing had been. */
async function freezeService(stage: Stage, random: Random): Promise<void> {
  const before = await pidsOf(stage);
  sendSignal(before.web!, "SIGSTOP");
  stage.run.tally.add("faults");
  if (random.chance(0.5)) {
    await pause(random.between(100, 2_000));
    sendSignal(before.web!, "SIGCONT");
    await judgeUnchanged(stage, before, "a service was suspended");
    return;
  }
  await stage.ok("app", "stop", "web");
  await stage.ok("app", "up");
}

/** Other commands end while one is suspended, and it ends after it was continued. */
async function freezeCommand(stage: Stage, random: Random): Promise<void> {
  const args = random.pick([["up"], ["restart", "web"], ["stop", "web"], ["doctor"], ["down"]]);
  // Half of them have to start the supervisor, and hold its locks meanwhile.
  if (random.chance(0.5)) {
    const pid = stage.supervisor();
    if (pid !== null) await stage.killSupervisor(pid);
  }
  const command = stage.start("app", args);
  await pause(random.between(0, 250));
  command.signal("SIGSTOP");
  stage.run.tally.add("faults");
  const other = stage.command("app", ...random.pick([["status"], ["up"], ["restart", "web"]]));
  await pause(random.between(100, 4_000));
  command.signal("SIGCONT");
  stage.judgeResult(await command.result);
  await other;
  await stage.ok("app", "up");
}

async function pidsOf(stage: Stage): Promise<Record<string, number | null>> {
  const services = await stage.status("app");
  return Object.fromEntries(services.map(({ name, pid }) => [name, pid]));
}

async function judgeUnchanged(
  stage: Stage,
  before: Readonly<Record<string, number | null>>,
  why: string,
): Promise<void> {
  await stage.until(`services are supervised and healthy after ${why}`, async () => {
    const services = await stage.status("app");
    return services.every(({ supervised, state, health }) =>
      supervised && state === "running" && health !== "unhealthy"
    );
  });
  for (const { name, pid, restarts } of await stage.status("app")) {
    if (pid === before[name] && restarts === 0) continue;
    stage.bad("wrong", `${name} was ${before[name]} and is ${pid}, ${restarts} restarts: ${why}`);
  }
}
