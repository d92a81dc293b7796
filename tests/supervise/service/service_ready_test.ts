import { assertEquals, assertObjectMatch } from "@std/assert";
import { FakeClock } from "../../fixtures/fake_clock.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";
import {
  changesOf,
  handover,
  nothingIsDue,
  reached,
  startServices,
  statesOf,
  STAY,
  SupervisedHome,
} from "../../fixtures/supervised_home.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

unixTest("SupervisedService is running once its launch has run for ready_after", async () => {
  await using home = new SupervisedHome();
  const clock = new FakeClock();
  const { runtime } = await home.open({ effects: clock.effects });
  startServices(runtime, [handover(home.script("api", STAY, { ready_after_ms: 1_000 }))]);
  const service = runtime.service("api");
  await until(() => home.runs("api").length === 1);
  assertObjectMatch(service.status, { state: "starting", health: "unknown", waiting_for: null });
  clock.advance(999);
  assertEquals(service.status.state, "starting");
  clock.advance(1);
  assertEquals(service.status.state, "running");
  assertEquals(await statesOf(runtime, "api"), ["starting", "running"]);
});

for (
  const [script, states, done] of [
    ["exit 3", ["starting", "crashed"], false],
    ["exit 0", ["starting", "stopped"], true],
    ["kill -9 $$", ["starting", "crashed"], false],
  ] as const
) {
  unixTest(
    `SupervisedService was never running when it ends before ready_after: ${script}`,
    async () => {
      await using home = new SupervisedHome();
      const { runtime } = await home.open();
      const spec = home.script("job", script, {
        ready_after_ms: 60_000,
        restart: { policy: "never" },
      });
      startServices(runtime, [handover(spec)]);
      await reached(runtime.service("job"), states[1]);
      assertEquals(await statesOf(runtime, "job"), [...states]);
      assertEquals(runtime.service("job").status.done, done);
    },
  );
}

unixTest(
  "SupervisedService is not ready again before a restart has run for ready_after",
  async () => {
    await using home = new SupervisedHome();
    const clock = new FakeClock();
    const { runtime } = await home.open({ effects: clock.effects });
    const spec = home.script("api", STAY, { ready_after_ms: 1_000, restart: { delay_ms: 100 } });
    startServices(runtime, [handover(spec)]);
    const service = runtime.service("api");
    const pid = await until(() => home.runs("api")[0]);
    clock.advance(600);
    Deno.kill(pid, "SIGKILL");
    await reached(service, "backoff");
    clock.advance(200);
    await until(() => home.runs("api").length === 2);
    // The wait of the first launch would be over now.
    clock.advance(500);
    assertEquals(service.status.state, "starting");
    clock.advance(500);
    assertEquals(service.status.state, "running");
    assertEquals(await statesOf(runtime, "api"), ["starting", "backoff", "starting", "running"]);
  },
);

unixTest("SupervisedService.stop() before ready_after leaves no timer behind", async () => {
  await using home = new SupervisedHome();
  const clock = new FakeClock();
  const { runtime, supervisor } = await home.open({ effects: clock.effects });
  startServices(runtime, [handover(home.script("api", STAY, { ready_after_ms: 60_000 }))]);
  const service = runtime.service("api");
  await until(() => home.runs("api").length === 1);
  await runtime.stop(["api"]);
  assertEquals(await statesOf(runtime, "api"), ["starting", "stopping", "stopped"]);
  await nothingIsDue(clock, supervisor);
  assertEquals(service.status.state, "stopped");
});

unixTest("SupervisedService.close() before ready_after leaves no timer behind", async () => {
  await using home = new SupervisedHome();
  const clock = new FakeClock();
  const { runtime, supervisor } = await home.open({ effects: clock.effects });
  startServices(runtime, [handover(home.script("api", STAY, { ready_after_ms: 60_000 }))]);
  await until(() => home.runs("api").length === 1);
  await supervisor.close();
  assertEquals(clock.pauses, []);
});

unixTest("SupervisedService ignores ready_after when it has a health check", async () => {
  await using home = new SupervisedHome();
  const health = healthSpec({ kind: "log", pattern: "^ready$" });
  const { runtime } = await home.open();
  const script = `until [ -e go ]; do sleep 0.02; done; echo ready; ${STAY}`;
  startServices(runtime, [handover(home.script("late", script, { health }))]);
  const spec = home.script("early", `echo ready; ${STAY}`, { health, ready_after_ms: 3_600_000 });
  startServices(runtime, [handover(spec)]);
  await reached(runtime.service("early"), "running");
  assertEquals(runtime.service("late").status.state, "starting");
  home.folder.write("go", "");
  await reached(runtime.service("late"), "running");
});

unixTest("Supervisor continues to wait for ready_after of an adopted launch", async () => {
  await using home = new SupervisedHome();
  const first = await home.open({ effects: new FakeClock().effects });
  startServices(first.runtime, [handover(home.script("api", STAY, { ready_after_ms: 3_600_000 }))]);
  await until(() => home.runs("api").length === 1);
  const { pid } = await home.identified("api");
  await first.supervisor.close();

  const clock = new FakeClock();
  const second = await home.open({ effects: clock.effects });
  const service = second.runtime.service("api");
  assertObjectMatch(service.status, { state: "starting", pid });
  clock.advance(1_800_000);
  assertEquals(service.status.state, "starting");
  await second.supervisor.close();

  // It was launched half an hour ago, so half an hour is left.
  home.rewrite("api", ({ launch }) => ({
    launch: { ...launch!, at: new Date(Date.now() - 1_800_000).toISOString() },
  }));
  const later = new FakeClock();
  const third = await home.open({ effects: later.effects });
  assertEquals(third.runtime.service("api").status.state, "starting");
  later.advance(1_800_000);
  assertObjectMatch(third.runtime.service("api").status, { state: "running", pid });
  assertEquals((await changesOf(third.runtime, "api")).map(({ to }) => to), [
    "starting",
    "running",
  ]);
});
