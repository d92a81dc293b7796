import { join } from "@std/path";
import type { ServiceTables } from "../../../src/config/schema/tables.ts";
import { judgeRecords } from "../judge_home.ts";
import { playEpisodes } from "../lanes.ts";
import type { Random } from "../random.ts";
import type { FaultRun, Scenario } from "../scenario.ts";
import { SmallDisk } from "../small_disk.ts";
import { sendSignal, Stage } from "../stage.ts";

const SLEEPER: ServiceTables = { command: "sleep", args: ["1000"], restart: { policy: "always" } };

/** Fills the disk once a file says so, then sleeps. */
const FILLER: ServiceTables = {
  command: "sh",
  args: ["-c", "until [ -e go ]; do sleep 0.1; done; yes 2>/dev/null; exec sleep 1000"],
  logs: { max_size: "1MiB", keep: 2 },
};

/** The home is on a small disk that becomes full or read-only. */
export const disk: Scenario = {
  name: "disk",
  faults: "a disk that a log fills, that others fill, and that becomes read-only",
  needs: ["linux", "root", "mount"],
  share: null,
  rounds: 30,
  run: (run) =>
    playEpisodes(run, { lanes: 2, amount: 1 }, async ({ random }) => {
      await random.pick([outsideFills, becomesReadOnly, logFills])(run, random);
    }),
};

async function outsideFills(run: FaultRun, random: Random): Promise<void> {
  await using stage = await Stage.open(run);
  using small = mount(stage, "8m");
  await stage.project("app", { web: SLEEPER });
  await stage.ok("app", "up");
  small.fill();
  await disturb(stage, random);
  small.free();
  await judge(stage);
}

async function becomesReadOnly(run: FaultRun, random: Random): Promise<void> {
  await using stage = await Stage.open(run);
  using small = mount(stage, "8m");
  await stage.project("app", { web: SLEEPER });
  await stage.ok("app", "up");
  {
    using _readOnly = small.readOnly();
    await disturb(stage, random);
  }
  await judge(stage);
}

/** A service dies, its supervisor is killed, or both; then it is stopped, or not. */
async function disturb(stage: Stage, random: Random): Promise<void> {
  stage.run.tally.add("faults");
  const [{ pid } = { pid: null }] = await stage.status("app");
  if (pid !== null && random.chance(0.6)) {
    sendSignal(pid, "SIGKILL");
    stage.run.tally.add("faults");
  }
  const supervisor = stage.supervisor();
  const isKilled = supervisor !== null && random.chance(0.4);
  if (isKilled) await stage.killSupervisor(supervisor);
  for (const args of [["status"], ["events"], ["logs", "web"], ["doctor"]]) {
    await stage.start("app", args).result;
  }
  if (!random.chance(0.6)) return;
  // It fails because it cannot be recorded; the service has ended in any case.
  const { line, stderr } = await stage.start("app", ["stop", "web"]).result;
  const left = stage.processes().filter(({ service }) => service === "web");
  // No supervisor can start on a read-only disk: then the command says so.
  const isSaid = isKilled && stderr.includes("Read-only file system");
  if (left.length > 0 && !isSaid) stage.bad("wrong", `${line} left ${left[0]!.pid}: ${stderr}`);
}

/** A log fills the disk while no supervisor can rotate it. */
async function logFills(run: FaultRun, random: Random): Promise<void> {
  await using stage = await Stage.open(run);
  using small = mount(stage, "12m");
  await stage.project("app", { web: FILLER });
  await stage.ok("app", "up");
  const pid = stage.supervisor()!;
  sendSignal(pid, "SIGSTOP");
  run.tally.add("faults");
  await Deno.writeTextFile(join(stage.root, "app", "go"), "");
  await stage.until("the log has filled the disk", () => small.isFull, 60_000);
  const log = join(stage.home, "runtimes", "app", "services", "web", "logs", "stdout.log");
  if (random.chance(0.5)) {
    sendSignal(pid, "SIGCONT");
    await stage.until("the log is emptied", () => Deno.statSync(log).size < 2 ** 20, 60_000);
  } else {
    await stage.killSupervisor(pid);
    await stage.ok("app", "stop", "web");
  }
  await judge(stage, { starts: false });
}

function mount(stage: Stage, size: string): SmallDisk {
  const small = SmallDisk.mount(size, stage.home);
  if (small === null) throw new Error("a disk in memory cannot be mounted");
  return small;
}

/** Once there is room, all is as if the disk had never been full. */
async function judge(stage: Stage, { starts = true } = {}): Promise<void> {
  if (starts) {
    await stage.ok("app", "up");
    await stage.until("the service runs again", async () => {
      const [web] = await stage.status("app");
      return web?.state === "running" && web.supervised;
    }, 60_000);
    const leaders = stage.processes().filter(({ service, leads }) => service === "web" && leads);
    if (leaders.length !== 1) stage.bad("doubled", `web has ${leaders.length} processes`);
  }
  await stage.endOrderly(["app"]);
  await judgeRecords(stage, "app", { services: ["web"] });
}
