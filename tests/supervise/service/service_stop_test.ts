import {
  assert,
  assertEquals,
  assertMatch,
  assertObjectMatch,
  assertStringIncludes,
} from "@std/assert";
import { stopLaunch } from "../../../src/spawn/stop_launch.ts";
import { FakeClock } from "../../fixtures/fake_clock.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";
import { alive } from "../../fixtures/script_launch.ts";
import {
  eventsOf,
  handover,
  nothingIsDue,
  reached,
  startServices,
  statesOf,
  STAY,
  SupervisedHome,
} from "../../fixtures/supervised_home.ts";
import { linuxTest, unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

unixTest("SupervisedService.stop() while starting stops the launch without a restart", async () => {
  await using home = new SupervisedHome();
  const clock = new FakeClock();
  const { runtime, supervisor } = await home.open({ effects: clock.effects });
  const health = { kind: "log", pattern: "never said" } as const;
  const spec = home.script("api", STAY, { health: healthSpec(health, { within_ms: 60_000 }) });
  startServices(runtime, [handover(spec)]);
  const service = runtime.service("api");
  const [pid] = await until(() => home.runs("api").length === 1 && home.runs("api"));
  assertObjectMatch(service.status, { state: "starting", health: "starting" });
  assertEquals(await runtime.stop(["api"]), ["api"]);
  assertEquals(await runtime.stop(["api"]), []);
  await nothingIsDue(clock, supervisor);
  assertEquals(service.status.state, "stopped");
  assertEquals(await alive([pid!]), []);
  assertEquals(await statesOf(runtime, "api"), ["starting", "stopping", "stopped"]);
});

unixTest("SupervisedService.stop() during the preflight checks cancels the launch", async () => {
  await using home = new SupervisedHome();
  const clock = new FakeClock();
  const port = Promise.withResolvers<null>();
  const { runtime, supervisor } = await home.open({
    effects: { ...clock.effects, portTaken: () => port.promise },
  });
  startServices(runtime, [handover(home.script("api", STAY))]);
  // The port check is not complete yet.
  assertEquals(runtime.service("api").status.state, "starting");
  assertEquals(await runtime.stop(["api"]), ["api"]);
  port.resolve(null);
  await nothingIsDue(clock, supervisor);
  assertObjectMatch(runtime.service("api").status, { state: "stopped", pid: null });
  assertEquals(home.audited.filter(({ action }) => action === "start"), []);
});

unixTest("SupervisedService.stop() during backoff cancels the restart", async () => {
  await using home = new SupervisedHome();
  const clock = new FakeClock();
  const { runtime, supervisor } = await home.open({ effects: clock.effects });
  const restart = { delay_ms: 200 };
  startServices(runtime, [handover(home.script("api", "echo x >>runs; exit 1", { restart }))]);
  const service = runtime.service("api");
  await reached(service, "backoff");
  assertEquals(clock.pauses.length, 1);
  assertEquals(await runtime.stop(["api"]), ["api"]);
  assertEquals(service.status.state, "stopped");
  assertEquals(await runtime.stop(["api"]), []);
  await nothingIsDue(clock, supervisor);
  assertEquals(service.status.state, "stopped");
  assertEquals(home.folder.read("runs"), "x\n");
});

unixTest("SupervisedService.stop() during the pause of a restart cancels the restart", async () => {
  await using home = new SupervisedHome();
  const clock = new FakeClock();
  const { runtime, supervisor } = await home.open({ effects: clock.effects });
  const spec = home.script("api", STAY, { restart: { pause_ms: 200 } });
  startServices(runtime, [handover(spec)]);
  const service = runtime.service("api");
  await until(() => home.runs("api").length === 1);
  assertEquals(startServices(runtime, [handover(spec)], "restart"), { api: "restarted" });
  await reached(service, "stopped");
  assertEquals(service.status.desired, "running");
  assertEquals(service.needsSupervisor, true);
  assertEquals(clock.pauses, [200]);
  assertEquals(await runtime.stop(["api"]), ["api"]);
  assertEquals(await runtime.stop(["api"]), []);
  await nothingIsDue(clock, supervisor);
  assertEquals(service.status.state, "stopped");
  assertEquals(service.needsSupervisor, false);
  assertEquals(home.runs("api").length, 1);
});

unixTest(
  "SupervisedService.stop() while a restart is stopping it cancels the restart",
  async () => {
    await using home = new SupervisedHome();
    const clock = new FakeClock();
    const { runtime, supervisor } = await home.open({ effects: clock.effects });
    const script = 'trap "sleep 0.2; exit" TERM; echo x >>runs; while :; do sleep 0.02; done';
    const spec = home.script("api", script);
    startServices(runtime, [handover(spec)]);
    await until(() => home.folder.read("runs") !== "");
    startServices(runtime, [handover(spec)], "restart");
    assertEquals(runtime.service("api").status.state, "stopping");
    assertEquals(await runtime.stop(["api"]), ["api"]);
    await nothingIsDue(clock, supervisor);
    assertEquals(runtime.service("api").status.state, "stopped");
    assertEquals(home.folder.read("runs"), "x\n");
  },
);

unixTest(
  "SupervisedService runs its stop command, and sends the signal when that fails",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const script = 'trap "echo signalled >>steps" TERM; echo on >>steps; ' +
      "while ! [ -e stop ]; do sleep 0.02; done; echo stopped >>steps";
    for (
      const [command, steps] of [
        [["/bin/sh", "-c", 'echo "$HALE" >>steps; touch stop'], "on\nyes\nstopped\n"],
        [["/bin/sh", "-c", "exit 1"], "on\nsignalled\n"],
      ] as const
    ) {
      for (const name of ["steps", "stop"]) home.folder.write(name, "");
      Deno.removeSync(home.folder.join("stop"));
      const spec = home.script("api", script, { stop: { command: [...command], timeout_ms: 600 } });
      const env = { PATH: "/usr/bin:/bin", HALE: "yes" };
      startServices(runtime, [handover(spec, { env, config_digest: steps })]);
      await until(() => home.folder.read("steps") === "on\n");
      assertEquals(await runtime.stop(["api"]), ["api"]);
      assertEquals(home.folder.read("steps"), steps);
    }
  },
);

unixTest("SupervisedService sends the stop signal when the stop command hangs", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const command = ["/bin/sh", "-c", 'trap "" TERM; sleep 60'];
  startServices(runtime, [
    handover(home.script("api", STAY, { stop: { command, timeout_ms: 300 } })),
  ]);
  await until(() => home.runs("api").length === 1);
  await runtime.stop(["api"]);
  assertEquals(runtime.service("api").status.signal, "SIGTERM");
});

unixTest(
  "SupervisedService stops the orphans of a crashed launch before the next launch",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const script = 'sleep 60 & echo $! >>left; [ "$(wc -l <left)" -gt 1 ] && exec sleep 60; exit 1';
    startServices(runtime, [handover(home.script("api", script, { restart: { delay_ms: 5 } }))]);
    const left = await until(() => {
      const pids = home.folder.read("left").split("\n").slice(0, -1).map(Number);
      return pids.length === 2 && pids;
    });
    assertEquals(await alive(left), [left[1]!]);
    await runtime.stop(["api"]);
    assertEquals(await alive(left), []);
  },
);

unixTest("SupervisedService says that its stop command did not end it", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const script = "trap '' TERM; echo $$ >>api.runs; while :; do sleep 0.02; done";
  const spec = home.script("api", script, {
    stop: { command: ["/bin/sh", "-c", "exit 0"], timeout_ms: 300 },
  });
  startServices(runtime, [handover(spec)]);
  await until(() => home.runs("api").length === 1);
  await home.identified("api");
  await runtime.stop(["api"]);
  // No signal was sent: the command succeeded.
  assertEquals(
    runtime.stopReports(["api"]).api!.killed,
    "did not exit within 300ms after its stop command and was killed",
  );
});

unixTest("SupervisedService says what a launch left, and that hale ends it", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const spec = home.script("api", "sleep 60 & exit 1", { restart: { policy: "never" } });
  startServices(runtime, [handover(spec)]);
  await reached(runtime.service("api"), "crashed");
  const event = (await eventsOf(runtime)).find((event) => event.type === "diagnostic");
  assert(event?.type === "diagnostic");
  assertEquals(event.code, "leftovers");
  assertMatch(
    event.message,
    /^api exited and left processes\. hale ends them: sleep \(pid \d+\)$/,
  );
});

unixTest("SupervisedService names the processes that it could not end", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open({
    effects: {
      stopLaunch: async (...stop) => ({
        ...await stopLaunch(...stop),
        escaped: [{ pid: 4_000_000, command: "stuck" }],
      }),
    },
  });
  startServices(runtime, [handover(home.script("api", STAY))]);
  await until(() => home.runs("api").length === 1);
  await runtime.stop(["api"]);
  const event = (await eventsOf(runtime)).find((event) => event.type === "diagnostic");
  assert(event?.type === "diagnostic");
  assertEquals([event.code, event.message], [
    "survivors_left",
    "Processes of api could not be ended and are still running: stuck (pid 4000000).",
  ]);
});

linuxTest(
  "SupervisedService stops processes that left the group, and reports what it had to kill",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const script =
      "setsid sh -c 'trap \"\" TERM; echo $$ >escaped; while :; do sleep 1; done' & exec sleep 60";
    startServices(runtime, [handover(home.script("api", script))]);
    const escaped = await until(() => Number(home.folder.read("escaped")) || null);
    await runtime.stop(["api"]);
    const event = (await eventsOf(runtime)).find((event) => event.type === "diagnostic");
    assert(event?.type === "diagnostic");
    assertObjectMatch(event, { service: "api", code: "killed" });
    assertStringIncludes(event.message, `sh (pid ${escaped})`);
    assertMatch(event.message, /^api left sh \(pid .*\), killed 5s after SIGTERM\.$/);
    assertEquals(runtime.stopReports(["api"]).api!.survivors, []);
    assertEquals(await alive([escaped]), []);
  },
);
