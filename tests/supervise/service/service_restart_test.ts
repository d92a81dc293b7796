import { assertEquals, assertNotEquals, assertObjectMatch } from "@std/assert";
import { FakeClock } from "../../fixtures/fake_clock.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";
import { alive } from "../../fixtures/script_launch.ts";
import {
  actionsOn,
  changesOf,
  handover,
  nothingIsDue,
  reached,
  startServices,
  STAY,
  SupervisedHome,
} from "../../fixtures/supervised_home.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

unixTest(
  "SupervisedService restarts a stable service without a delay when it is killed",
  async () => {
    await using home = new SupervisedHome();
    const clock = new FakeClock();
    const { runtime } = await home.open({ effects: clock.effects });
    const spec = home.script("api", STAY, { restart: { reset_after_ms: 20_000 } });
    startServices(runtime, [handover(spec)]);
    const service = runtime.service("api");
    const [first] = await until(() => home.runs("api").length === 1 && home.runs("api"));
    await until(() =>
      service.status.uptime_seconds !== null && home.snapshot("api").launch?.identity
    );
    clock.advance(20_000);
    Deno.kill(first!, "SIGKILL");
    const [, second] = await until(() => home.runs("api").length === 2 && home.runs("api"));
    await reached(service, "running");
    assertNotEquals(second, first);
    assertObjectMatch(service.status, { pid: second, restarts: 1 });
    const changes = await changesOf(runtime, "api");
    assertEquals(changes.map(({ to }) => to), [
      "starting",
      "running",
      "backoff",
      "starting",
      "running",
    ]);
    assertEquals(changes[2]?.exit, { exit_code: null, signal: "SIGKILL" });
    assertEquals(changes[2]?.reason?.code, "service_exited");
    assertEquals(changes[4]?.restarts, 1);
    assertEquals(home.transcript("api").map(({ type }) => type), [
      "requested",
      "launched",
      "exited",
      "launched",
    ]);
  },
);

unixTest(
  "SupervisedService gives up on a service that runs longer than reset_after but is never ready",
  async () => {
    await using home = new SupervisedHome();
    const clock = new FakeClock();
    const { runtime } = await home.open({ effects: clock.effects });
    const health = healthSpec({ kind: "log", pattern: "never said" }, { within_ms: 60_000 });
    const restart = { max: 2, reset_after_ms: 2_000, delay_ms: 100 };
    startServices(runtime, [handover(home.script("api", STAY, { health, restart }))]);
    const service = runtime.service("api");
    for (const launch of [1, 2, 3]) {
      const pid = await until(() => home.runs("api")[launch - 1]);
      clock.advance(2_200);
      Deno.kill(pid, "SIGKILL");
      await until(() => service.status.state !== "starting");
      assertObjectMatch(service.status, {
        state: launch === 3 ? "crashed" : "backoff",
        restarts: launch - 1,
      });
      clock.advance(1_000);
    }
    assertEquals(service.status.reason?.code, "restarts_exhausted");
    assertEquals(home.runs("api").length, 3);
  },
);

unixTest(
  "SupervisedService counts the time since it was ready, not since its launch, as stable",
  async () => {
    for (const [readyForMs, delayed] of [[19_999, true], [20_000, false]] as const) {
      await using home = new SupervisedHome();
      const clock = new FakeClock();
      const { runtime } = await home.open({ effects: clock.effects });
      const health = healthSpec({ kind: "log", pattern: "^ready$" }, { within_ms: 60_000 });
      const script = `until [ -e go ]; do sleep 0.02; done; echo ready; ${STAY}`;
      const restart = { reset_after_ms: 20_000, delay_ms: 100 };
      startServices(runtime, [handover(home.script("api", script, { health, restart }))]);
      const service = runtime.service("api");
      await home.identified("api");
      clock.advance(30_000);
      home.folder.write("go", "");
      await reached(service, "running");
      const pid = await until(() => home.runs("api")[0]);
      clock.advance(readyForMs);
      Deno.kill(pid, "SIGKILL");
      if (delayed) await reached(service, "backoff");
      else await until(() => home.runs("api").length === 2);
      assertEquals(clock.pauses.length, delayed ? 1 : 0);
    }
  },
);

unixTest(
  "SupervisedService.start() during the pause of a restart launches at once, and once",
  async () => {
    await using home = new SupervisedHome();
    const clock = new FakeClock();
    const { runtime, supervisor } = await home.open({ effects: clock.effects });
    const spec = home.script("api", STAY, { restart: { pause_ms: 250 } });
    startServices(runtime, [handover(spec)]);
    const service = runtime.service("api");
    await until(() => home.runs("api").length === 1);
    startServices(runtime, [handover(spec)], "restart");
    await reached(service, "stopped");
    startServices(runtime, [handover(spec)], "start");
    const [, pid] = await until(() => home.runs("api").length === 2 && home.runs("api"));
    // If it crashes now, the cancelled pause must not launch it again.
    const never = home.script("api", STAY, { restart: { policy: "never" } });
    startServices(runtime, [handover(never, { config_digest: "digest-2" })], "start");
    Deno.kill(pid!, "SIGKILL");
    await reached(service, "crashed");
    await nothingIsDue(clock, supervisor);
    assertEquals(service.status.state, "crashed");
    assertEquals(home.runs("api").length, 2);
  },
);

unixTest(
  "SupervisedService.start() while stopping launches after the old launch has exited",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const script = 'trap "sleep 0.2; echo $$ >>ends; exit" TERM; echo $$ >>starts; ' +
      "while :; do sleep 0.02; done";
    const spec = home.script("api", script);
    startServices(runtime, [handover(spec)]);
    const service = runtime.service("api");
    await until(() => home.folder.read("starts") !== "");
    const stopping = runtime.stop(["api"]);
    await reached(service, "stopping");
    assertEquals(startServices(runtime, [handover(spec)], "start"), { api: "started" });
    await stopping;
    await until(() => home.folder.read("starts").split("\n").length === 3);
    const [first] = home.folder.read("starts").split("\n");
    assertEquals(home.folder.read("ends"), `${first}\n`);
    await reached(service, "running");
    assertEquals(service.status.desired, "running");
  },
);

unixTest(
  "SupervisedService.restart() waits for the exit of a program that must be killed",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const script = 'trap "" TERM; echo $$ >>api.runs; while :; do sleep 0.02; done';
    const spec = home.script("api", script, { stop: { timeout_ms: 300 } });
    startServices(runtime, [handover(spec)]);
    const service = runtime.service("api");
    const [first] = await until(() => home.runs("api").length === 1 && home.runs("api"));
    startServices(runtime, [handover(spec)], "restart");
    const [, second] = await until(() => home.runs("api").length === 2 && home.runs("api"));
    assertEquals(actionsOn(home, "api"), ["start", "stop", "kill", "exit", "restart"]);
    assertEquals(await alive([first!, second!]), [second!]);
    await reached(service, "running");
    assertEquals(service.status.restarts, 0);
  },
);

unixTest(
  "SupervisedService.restart() starts a service that has crashed or was never started",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const spec = home.script("api", `[ -e well ] || exit 1; ${STAY}`, {
      restart: { policy: "never" },
    });
    assertEquals(startServices(runtime, [handover(spec)], "restart"), { api: "started" });
    const service = runtime.service("api");
    await reached(service, "crashed");
    assertObjectMatch(service.status, { uptime_seconds: null, exit_code: 1 });
    home.folder.write("well", "");
    assertEquals(startServices(runtime, [handover(spec)], "restart"), { api: "started" });
    await until(() => home.runs("api").length === 1);
    assertObjectMatch(service.status, {
      state: "running",
      uptime_seconds: 0,
      exit_code: null,
      reason: null,
    });
  },
);
