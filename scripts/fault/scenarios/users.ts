import { join } from "@std/path";
import type { ServiceTables } from "../../../src/config/schema/tables.ts";
import { attacks } from "../attacks.ts";
import { type Episode, playEpisodes } from "../lanes.ts";
import type { FaultRun, Scenario } from "../scenario.ts";
import { Stage } from "../stage.ts";

/** Another user of the machine tries to read, to replace, to signal, to block and to command. */
export const users: Scenario = {
  name: "users",
  faults:
    "another user reads, connects, signals, locks, replaces files, and leaves links and pipes",
  needs: ["linux", "root"],
  share: null,
  rounds: 60,
  run: (run) => playEpisodes(run, { lanes: 1, amount: 10 }, (episode) => play(run, episode)),
};

async function play(run: FaultRun, { amount, random }: Episode): Promise<void> {
  await using stage = await Stage.open(run);
  // As readable as it may be: a home with this mode is accepted.
  await Deno.chmod(stage.root, 0o755);
  await Deno.mkdir(stage.home, { mode: random.pick([0o700, 0o755]) });
  const evil = join(stage.root, "evil");
  await Deno.mkdir(evil, { mode: 0o777 });
  await Deno.chmod(evil, 0o777);
  const web: ServiceTables = { command: "sleep", args: ["1000"], env: { SECRET: "hunter2" } };
  await stage.project("app", { web });
  await stage.ok("app", "up");
  const [{ pid } = { pid: null }] = await stage.status("app");
  for (let round = 0; round < amount && !run.signal.aborted; round++) {
    await random.pick(attacks)({ stage, random, evil });
    run.tally.add("faults");
    await stage.ok("app", "up");
    const [now] = await stage.status("app");
    if (now?.pid !== pid || now.restarts !== 0 || now.state !== "running") {
      stage.bad("wrong", `web was ${pid} and is ${now?.pid}, ${now?.state}`);
    }
    const traces = [...Deno.readDirSync(evil)].filter(({ name }) => name.startsWith("ran"));
    if (traces.length > 0) throw stage.broken("wrong", "a program of the other user ran as root");
  }
  await stage.endOrderly(["app"]);
  await stage.healthy("app");
}
