import { fromFileUrl, join } from "@std/path";
import type { ServiceTables } from "../../../src/config/schema/tables.ts";
import { judgeRecords } from "../judge_home.ts";
import { type Episode, pause, playEpisodes } from "../lanes.ts";
import { LaunchLedger } from "../launch_ledger.ts";
import type { FaultRun, Scenario } from "../scenario.ts";
import { Stage } from "../stage.ts";

const SHIM = fromFileUrl(new URL("../clock_shim.c", import.meta.url));

/** Shifts of the wall clock in seconds: a leap, a manual correction, a wrong time zone, a dead battery. */
const SHIFTS = [-86_400 * 365, -86_400, -3_600, -5, -1, 1, 5, 3_600, 86_400, 86_400 * 365] as const;

/** The wall clock of the supervisor and of all commands jumps. */
export const clock: Scenario = {
  name: "clock",
  faults: "jumps of the wall clock by a second to a year, forwards and backwards",
  needs: ["linux", "cc"],
  share: null,
  rounds: 60,
  run: (run) => playEpisodes(run, { lanes: 2, amount: 6 }, (episode) => play(run, episode)),
};

async function play(run: FaultRun, { amount, random }: Episode): Promise<void> {
  await using stage = await Stage.open(run);
  const ledger = new LaunchLedger(stage.root);
  const services = servicesOf(ledger);
  await stage.project("app", services);
  const jump = await shiftable(stage);
  const supervise = stage.start("app", ["supervise"], { boundMs: Infinity });
  await stage.until("the supervisor starts", () => supervise.stderr.includes("supervising "));
  await stage.ok("app", "up", "web", "stubborn");
  await stage.command("app", "up", "flash", "--timeout", "100ms");
  const web = (await stage.status("app")).find(({ name }) => name === "web")!;
  for (let round = 0; round < amount && !run.signal.aborted; round++) {
    const launches = ledger.launches("flash").length;
    // In backoff, while a service becomes ready, and while one is being stopped.
    const pending = [["restart", "stubborn"], ["start", "hopeless"]].map((args) =>
      stage.command("app", ...args)
    );
    await pause(random.between(0, 400));
    jump(random.pick(SHIFTS));
    run.tally.add("faults");
    await Promise.all(pending);
    await stage.until(
      "a service in backoff is started again after the clock jumped",
      () => ledger.launches("flash").length >= launches + 2,
      60_000,
    );
    await stage.until("a service that never runs is given up after the clock jumped", async () => {
      const services = await stage.status("app");
      return services.some(({ name, state }) => name === "hopeless" && state === "crashed");
    }, 60_000);
    await stage.command("app", "logs", "web", "--since", "10m");
    await stage.command("app", "events", "--since", "10m");
    const now = (await stage.status("app")).find(({ name }) => name === "web")!;
    if (now.pid !== web.pid || now.restarts !== 0 || now.health === "unhealthy") {
      stage.bad("wrong", `web was ${web.pid} and is ${now.pid}, ${now.health}, ${now.restarts}`);
    }
  }
  await stage.endOrderly(["app"]);
  await judgeRecords(stage, "app", { services: Object.keys(services), ledger });
}

function servicesOf(ledger: LaunchLedger): Record<string, ServiceTables> {
  const service = (name: string, text: string, more: ServiceTables): ServiceTables => ({
    ...{ command: "sh", args: ["-c", ledger.opening(name) + text], ...more },
  });
  const always: ServiceTables["restart"] = {
    ...{ policy: "always", max: 1_000_000, delay: "700ms", max_delay: "700ms" },
  };
  return {
    web: service("web", "exec sleep 1000", {
      health: {
        exec: ["true"],
        interval: "200ms",
        timeout: "20s",
        on_unhealthy: "restart",
        failures: 1,
      },
    }),
    flash: service("flash", "exit 1", { restart: always }),
    hopeless: service("hopeless", "exit 1", { restart: { max: 3, delay: "100ms" } }),
    stubborn: service("stubborn", "trap '' TERM; while :; do sleep 0.1; done", {
      ...{ stop: { timeout: "700ms" }, ready_after: "300ms" },
    }),
  };
}

/** Compiles the shim for this stage. Returns a function that shifts the clock. */
async function shiftable(stage: Stage): Promise<(seconds: number) => void> {
  const library = join(stage.root, "shim.so");
  const { success, stderr } = await new Deno.Command("cc", {
    args: ["-shared", "-fPIC", "-O1", "-o", library, SHIM, "-ldl"],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const file = join(stage.root, "shift");
  Deno.writeTextFileSync(file, "0");
  stage.setVariable("CLOCK_SHIM", file);
  stage.setVariable("LD_PRELOAD", library);
  return (seconds) => {
    Deno.writeTextFileSync(`${file}.new`, String(seconds));
    Deno.renameSync(`${file}.new`, file);
  };
}
