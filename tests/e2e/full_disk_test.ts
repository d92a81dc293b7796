import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SmallDisk } from "../../scripts/fault/small_disk.ts";
import { checkActs } from "../../scripts/fault/check_acts.ts";
import { listRuntimes } from "../../src/store/runtime/list_runtimes.ts";
import { until } from "../fixtures/until.ts";
import { type Hale, haleTest } from "./hale.ts";
import { script, SLEEPER } from "./services.ts";

/** Ends the services and the supervisor before the disk goes. */
async function endOn(hale: Hale): Promise<void> {
  await hale.ok("down");
  const { pid } = (await hale.supervisor())!;
  Deno.kill(pid, "SIGTERM");
  await until(async () => !await hale.isRunning(pid));
}

for (const fault of ["full", "read-only"] as const) {
  haleTest(
    `a service that dies while the disk is ${fault} is restarted, and all is recorded`,
    async (hale) => {
      using disk = SmallDisk.mount("8m", hale.home);
      if (disk === null) return;
      // Its logs are closed, so that the disk can become read-only.
      await hale.services({ web: SLEEPER });
      await hale.ok("up");
      const before = await hale.events();
      const [pid = 0] = await hale.launchesOf("web");
      const readOnly = fault === "full" ? null : disk.readOnly();
      if (fault === "full") disk.fill();
      Deno.kill(pid, "SIGKILL");
      // The supervisor answers. What it removes may make just enough room for the restart.
      await hale.statusOnce("web", (status) => status.pid !== pid);
      if (fault === "read-only") {
        const { reason } = await hale.statusOnce(
          "web",
          (status) => status.state === "backoff" && status.reason?.code === "store_io",
        );
        assertStringIncludes(reason!.message, "read-only");
      }
      if (fault === "full") disk.free();
      readOnly?.[Symbol.dispose]();
      await hale.statusOnce("web", ({ state, pid: next }) => state === "running" && next !== pid);
      const events = await hale.events(before.at(-1)!.cursor);
      const states = events.flatMap((event) => event.type === "state_changed" ? [event.to] : []);
      assertEquals(states.slice(0, 2), ["backoff", "starting"]);
      assertEquals(states.at(-1), "running");
      const times = events.map(({ at }) => at);
      assertEquals(times, times.toSorted());
      await hale.ok("audit", "--verify");
      await endOn(hale);
      // Each launch, exit and stop is there once, also those that the disk refused at first.
      const [runtime] = listRuntimes(hale.home);
      assert(runtime?.kind === "readable");
      const { faults } = await checkActs(hale.home, runtime.runtimeId, ["web"]);
      assertEquals(faults, []);
    },
  );
}

/** Fills the disk once a file says so, then sleeps. */
const FILLER = {
  ...script("until [ -e go ]; do sleep 0.1; done; yes 2>/dev/null; exec sleep 60"),
  logs: { max_size: "1MiB", keep: 2 },
};

/** Lets the service fill the disk while its supervisor is suspended. */
async function fillWithLog(hale: Hale, disk: SmallDisk): Promise<number> {
  const { pid } = (await hale.supervisor())!;
  Deno.kill(pid, "SIGSTOP");
  await hale.write("go", "");
  await until(() => disk.isFull, 60_000);
  return pid;
}

haleTest(
  "a log that has filled the disk is emptied, and its service can be stopped",
  async (hale) => {
    using disk = SmallDisk.mount("12m", hale.home);
    if (disk === null) return;
    await hale.services({ web: FILLER });
    await hale.ok("up");
    const pid = await fillWithLog(hale, disk);
    Deno.kill(pid, "SIGCONT");
    await until(async () => (await hale.output("web")).length < 2 ** 20, 60_000);
    assertEquals((await hale.supervisor())!.pid, pid);
    await endOn(hale);
  },
);

haleTest("a service whose log has filled the disk is stopped by a new supervisor", async (hale) => {
  using disk = SmallDisk.mount("12m", hale.home);
  if (disk === null) return;
  await hale.services({ web: FILLER });
  await hale.ok("up");
  const pid = await fillWithLog(hale, disk);
  Deno.kill(pid, "SIGKILL");
  await until(async () => !await hale.isRunning(pid));
  await hale.ok("stop", "web");
  assertEquals(await hale.launchesOf("web"), []);
  await endOn(hale);
});
