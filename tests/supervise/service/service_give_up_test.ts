import { assertEquals, assertObjectMatch, assertStringIncludes } from "@std/assert";
import { stopLaunch } from "../../../src/spawn/stop_launch.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";
import { alive } from "../../fixtures/script_launch.ts";
import {
  changesOf,
  handover,
  reached,
  startServices,
  statesOf,
  STAY,
  SupervisedHome,
} from "../../fixtures/supervised_home.ts";
import type { ServiceChanges } from "../../fixtures/service_spec.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

/** Healthy while the file `well` exists. */
const WELL = { kind: "exec", command: ["/bin/sh", "-c", "test -e well"] } as const;

/** Ignores SIGTERM. */
const STUBBORN = `trap '' TERM; echo $$ >>api.runs; while :; do sleep 0.02; done`;

/** Lets stops of process groups wait for {@linkcode open}, and records their grace periods. */
class StopGate {
  readonly timeoutsMs: number[] = [];
  readonly #opened = Promise.withResolvers<void>();
  readonly effects = {
    stopLaunch: async (...[trace, options]: Parameters<typeof stopLaunch>) => {
      this.timeoutsMs.push(options.timeoutMs);
      await this.#opened.promise;
      return await stopLaunch(trace, { ...options, timeoutMs: 50 });
    },
  };

  open(): void {
    this.#opened.resolve();
  }
}

/** A service that hale gives up on, because it is not healthy in time. Its stop waits for the gate. */
async function givenUp(home: SupervisedHome, changes: ServiceChanges = {}) {
  const gate = new StopGate();
  const { runtime, supervisor } = await home.open({ effects: gate.effects });
  const health = healthSpec(WELL, { within_ms: 200, interval_ms: 20 });
  const spec = home.script("api", STUBBORN, { health, stop: { timeout_ms: 30_000 }, ...changes });
  startServices(runtime, [handover(spec)]);
  const service = runtime.service("api");
  await until(() => home.runs("api").length === 1);
  await home.identified("api");
  await reached(service, "stopping");
  return { gate, runtime, supervisor, service, spec };
}

unixTest("SupervisedService is stopping, with the reason, while hale gives up on it", async () => {
  await using home = new SupervisedHome();
  const { gate, runtime, service } = await givenUp(home);
  assertObjectMatch(service.status, {
    state: "stopping",
    desired: "running",
    pid: home.runs("api")[0],
    reason: { code: "health_check_failed" },
  });
  assertStringIncludes(service.status.reason!.message, "not healthy within 200ms");
  const stopping = (await changesOf(runtime, "api")).at(-1);
  assertObjectMatch(stopping!, { to: "stopping", reason: { code: "health_check_failed" } });
  gate.open();
  await reached(service, "crashed");
  assertEquals(service.status.reason?.code, "health_check_failed");
  assertEquals(await alive(home.runs("api")), []);
  assertEquals(await statesOf(runtime, "api"), ["starting", "stopping", "crashed"]);
  const failures = home.transcript("api").filter(({ type }) => type === "failed");
  assertEquals(failures.length, 1, "the failure is in the transcript once");
});

for (const [timeout_ms, expected] of [[30_000, 5_000], [2_000, 2_000]] as const) {
  unixTest(
    `SupervisedService gives a launch ${expected} ms when hale gives up on it and stop.timeout is ${timeout_ms}`,
    async () => {
      await using home = new SupervisedHome();
      const { gate, service } = await givenUp(home, { stop: { timeout_ms } });
      await until(() => gate.timeoutsMs.length > 0);
      gate.open();
      await reached(service, "crashed");
      assertEquals(gate.timeoutsMs, [expected]);
      // Not what stop.timeout says.
      const outlived = `${expected / 1_000}s after SIGTERM`;
      assertEquals(service.stopReport?.killed, `did not exit within ${outlived} and was killed`);
      const kills = home.audited.filter(({ action }) => action === "kill");
      assertEquals(kills.map(({ reason }) => reason), [`still running ${outlived}`]);
    },
  );
}

unixTest("SupervisedService.stop() gives a launch the whole stop.timeout", async () => {
  await using home = new SupervisedHome();
  const gate = new StopGate();
  const { runtime } = await home.open({ effects: gate.effects });
  startServices(runtime, [handover(home.script("api", STAY, { stop: { timeout_ms: 30_000 } }))]);
  await until(() => home.runs("api").length === 1);
  gate.open();
  await runtime.stop(["api"]);
  assertEquals(gate.timeoutsMs, [30_000]);
});

unixTest("SupervisedService is in backoff after a give-up if a restart is left", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  home.folder.write("well", "");
  const health = healthSpec(WELL, { interval_ms: 20, failures: 2, on_unhealthy: "restart" });
  const restart = { delay_ms: 60_000, max_delay_ms: 60_000 };
  startServices(runtime, [handover(home.script("api", STAY, { health, restart }))]);
  const service = runtime.service("api");
  await reached(service, "running");
  Deno.removeSync(home.folder.join("well"));
  await reached(service, "backoff");
  assertEquals(await statesOf(runtime, "api"), ["starting", "running", "stopping", "backoff"]);
  const [stopping, backoff] = (await changesOf(runtime, "api")).slice(-2);
  for (const change of [stopping, backoff]) {
    assertObjectMatch(change!, { reason: { code: "health_check_failed" } });
  }
  // What the check found stays visible while it is being stopped.
  assertEquals(stopping?.health, "unhealthy");
});

unixTest(
  "SupervisedService.stop() during a give-up ends as stopped, without a failure",
  async () => {
    await using home = new SupervisedHome();
    const { gate, runtime, service } = await givenUp(home, { restart: { policy: "always" } });
    const stopped = runtime.stop(["api"]);
    await until(() => service.status.desired === "stopped");
    assertEquals(service.status.state, "stopping");
    gate.open();
    assertEquals(await stopped, ["api"]);
    await reached(service, "stopped");
    assertObjectMatch(service.status, { desired: "stopped", done: false, reason: null });
    assertEquals(await statesOf(runtime, "api"), ["starting", "stopping", "stopped"]);
    assertEquals(home.transcript("api").filter(({ type }) => type === "failed"), []);
    assertEquals(home.runs("api").length, 1);
  },
);

for (const how of ["restart", "start"] as const) {
  unixTest(`SupervisedService.${how}() during a give-up starts anew`, async () => {
    await using home = new SupervisedHome();
    const { gate, runtime, service, spec } = await givenUp(home);
    const outcome = { api: how === "restart" ? "restarted" : "started" } as const;
    assertEquals(startServices(runtime, [handover(spec)], how), outcome);
    home.folder.write("well", "");
    gate.open();
    await until(() => home.runs("api").length === 2);
    await reached(service, "running");
    assertObjectMatch(service.status, { restarts: 0, health: "healthy", reason: null });
    assertEquals(await alive(home.runs("api")), [home.runs("api")[1]!]);
    assertEquals(home.transcript("api").filter(({ type }) => type === "failed"), []);
  });
}

unixTest("SupervisedService.start() after a stop during a give-up starts anew", async () => {
  await using home = new SupervisedHome();
  const { gate, runtime, service, spec } = await givenUp(home);
  const stopped = runtime.stop(["api"]);
  await until(() => service.status.desired === "stopped");
  assertEquals(startServices(runtime, [handover(spec)], "start"), { api: "started" });
  home.folder.write("well", "");
  gate.open();
  await stopped;
  await until(() => home.runs("api").length === 2);
  await reached(service, "running");
  assertObjectMatch(service.status, { restarts: 0, reason: null });
});

/** The grace period of the next supervisor. */
async function afterTakeover(home: SupervisedHome) {
  const gate = new StopGate();
  const { runtime } = await home.open({ effects: gate.effects });
  const service = runtime.service("api");
  await until(() => gate.timeoutsMs.length > 0);
  return { gate, runtime, service };
}

unixTest("Supervisor completes a give-up that an earlier supervisor began", async () => {
  await using home = new SupervisedHome();
  const { supervisor } = await givenUp(home);
  await supervisor.close();
  const { gate, service } = await afterTakeover(home);
  assertObjectMatch(service.status, {
    state: "stopping",
    desired: "running",
    reason: { code: "health_check_failed" },
  });
  assertEquals(gate.timeoutsMs, [5_000]);
  gate.open();
  await reached(service, "crashed");
  assertEquals(service.status.reason?.code, "health_check_failed");
  assertEquals(home.runs("api").length, 1);
});

unixTest("Supervisor treats a give-up that ended unobserved as a failure", async () => {
  await using home = new SupervisedHome();
  const { supervisor } = await givenUp(home);
  await supervisor.close();
  const [pid] = home.runs("api");
  Deno.kill(pid!, "SIGKILL");
  await until(async () => (await alive([pid!])).length === 0);
  const { runtime } = await home.open();
  const service = runtime.service("api");
  await reached(service, "crashed");
  assertEquals(service.status.reason?.code, "health_check_failed");
  assertEquals(home.runs("api").length, 1);
});

unixTest("Supervisor completes a stop that was requested during a give-up", async () => {
  await using home = new SupervisedHome();
  const { runtime, supervisor, service: before } = await givenUp(home);
  runtime.stop(["api"]);
  await until(() => before.status.desired === "stopped");
  await supervisor.close();
  const { gate, service } = await afterTakeover(home);
  gate.open();
  await reached(service, "stopped");
  assertObjectMatch(service.status, { desired: "stopped", reason: null });
});

unixTest("Supervisor completes a restart that was requested during a give-up", async () => {
  await using home = new SupervisedHome();
  const { runtime, supervisor, spec } = await givenUp(home);
  startServices(runtime, [handover(spec)], "restart");
  await supervisor.close();
  home.folder.write("well", "");
  const { gate, service } = await afterTakeover(home);
  gate.open();
  await until(() => home.runs("api").length === 2);
  await reached(service, "running");
  assertEquals(service.status.restarts, 0);
});
