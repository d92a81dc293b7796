import type { ServiceTables } from "../../../src/config/schema/tables.ts";
import { type Episode, pause, playEpisodes } from "../lanes.ts";
import type { FaultRun, Scenario } from "../scenario.ts";
import { sendSignal, Stage } from "../stage.ts";

/** The supervisor has few file descriptors, and strangers take them. */
export const descriptors: Scenario = {
  name: "descriptors",
  faults: "64 to 128 file descriptors and up to 500 idle connections of strangers",
  needs: ["linux"],
  share: null,
  rounds: 30,
  run: (run) => playEpisodes(run, { lanes: 1, amount: 3 }, (episode) => play(run, episode)),
};

async function play(run: FaultRun, { amount, random }: Episode): Promise<void> {
  await using stage = await Stage.open(run);
  const sleeper: ServiceTables = { command: "sleep", args: ["1000"] };
  const health: ServiceTables["health"] = {
    ...{ exec: ["true"], interval: "100ms", timeout: "20s", on_unhealthy: "restart", failures: 1 },
  };
  await stage.project("app", { web: { ...sleeper, health }, plain: sleeper });
  const limit = `ulimit -n ${random.pick([64, 96, 128])}; exec "$@"`;
  const supervise = stage.start("app", ["supervise"], {
    ...{ through: ["sh", "-c", limit, "sh"], boundMs: Infinity },
  });
  await stage.until("the supervisor starts", () => supervise.stderr.includes("supervising "));
  await stage.ok("app", "up");
  for (let round = 0; round < amount && !run.signal.aborted; round++) {
    const before = await stage.status("app");
    const idle = await connect(stage, Math.ceil(random.between(100, 500)));
    run.tally.add("faults");
    await stage.command("app", "status");
    const web = before.find(({ name }) => name === "web")!;
    const isKilled = random.chance(0.4);
    if (isKilled) sendSignal(web.pid!, "SIGKILL");
    await pause(random.between(200, 2_000));
    for (const connection of idle) connection.close();
    await stage.until("the API is back and all services are healthy", async () => {
      const services = await stage.status("app");
      return services.every(({ supervised, state, health }) =>
        supervised && state === "running" && health !== "unhealthy"
      ) && (!isKilled || services.some(({ name, pid }) => name === "web" && pid !== web.pid));
    }, 60_000);
    for (const { name, pid, restarts } of await stage.status("app")) {
      if (isKilled && name === "web") continue;
      const was = before.find((it) => it.name === name)!;
      if (pid === was.pid && restarts === was.restarts) continue;
      stage.bad("wrong", `${name} was ${was.pid} and is ${pid}, ${restarts} restarts`);
    }
  }
  await stage.endOrderly(["app"]);
}

/** Opens connections that send nothing. Those that are refused or closed again are fine. */
async function connect(stage: Stage, count: number): Promise<Deno.Conn[]> {
  const path = `${stage.home}/supervisor/endpoint.json`;
  const { hostname, port } = new URL(JSON.parse(Deno.readTextFileSync(path)).url);
  const opened = await Promise.allSettled(
    Array.from({ length: count }, () => Deno.connect({ hostname, port: Number(port) })),
  );
  return opened.flatMap((it) => it.status === "fulfilled" ? [it.value] : []);
}
