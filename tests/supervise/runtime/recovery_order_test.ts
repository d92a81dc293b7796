import { assertEquals, assertObjectMatch } from "@std/assert";
import type { ServiceSpec } from "../../../src/model/service_spec.ts";
import { FakeClock } from "../../fixtures/fake_clock.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";
import { alive } from "../../fixtures/script_launch.ts";
import {
  handover,
  nothingIsDue,
  reached,
  startServices,
  STAY,
  SupervisedHome,
} from "../../fixtures/supervised_home.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

/** Healthy while the file `well` exists. */
const WELL = healthSpec({ kind: "exec", command: ["/bin/sh", "-c", "test -e well"] }, {
  within_ms: 60_000,
  interval_ms: 20,
});

const RESTART = { delay_ms: 100 } as const;

/** A database that is healthy while `well` exists, and a service that needs it. */
function databaseAndApi(home: SupervisedHome): readonly [ServiceSpec, ServiceSpec] {
  home.folder.write("well", "");
  return [
    home.script("db", STAY, { health: WELL, restart: RESTART }),
    home.script("api", STAY, { depends_on: ["db"], restart: RESTART }),
  ];
}

/** Starts services and waits until each of them has run once. */
async function running(home: SupervisedHome, specs: readonly ServiceSpec[]) {
  const opened = await home.open();
  startServices(opened.runtime, specs.map((spec) => handover(spec)));
  for (const { name } of specs) {
    await reached(opened.runtime.service(name), "running");
    await until(() => home.runs(name).length === 1);
    await home.identified(name);
  }
  return opened;
}

/** Kills the processes of services, as an out-of-memory killer does. */
async function killAll(home: SupervisedHome, names: readonly string[]): Promise<void> {
  const pids = names.map((name) => home.runs(name).at(-1)!);
  for (const pid of pids) Deno.kill(pid, "SIGKILL");
  await until(async () => (await alive(pids)).length === 0);
}

unixTest("Supervisor recovers a service only once its dependency is healthy", async () => {
  await using home = new SupervisedHome();
  const { supervisor } = await running(home, databaseAndApi(home));
  await supervisor.close();
  await killAll(home, ["db", "api"]);
  Deno.removeSync(home.folder.join("well"));

  const clock = new FakeClock();
  const { runtime } = await home.open({ effects: clock.effects });
  const [db, api] = [runtime.service("db"), runtime.service("api")];
  await until(() => clock.pauses.length === 2);
  clock.advance(1_000);
  await until(() => home.runs("db").length === 2);
  // However long it takes: it is not a failure of the service.
  clock.advance(3_600_000);
  assertObjectMatch(db.status, { state: "starting", restarts: 1 });
  assertObjectMatch(api.status, {
    state: "starting",
    pid: null,
    waiting_for: "db to be healthy",
    restarts: 1,
  });
  home.folder.write("well", "");
  await reached(api, "running");
  assertEquals(api.status.waiting_for, null);
  await until(() => home.runs("api").length === 2);
  assertEquals(db.status.health, "healthy");
});

unixTest("Supervisor recovers a service although a user has stopped its dependency", async () => {
  await using home = new SupervisedHome();
  const { supervisor, runtime } = await running(home, databaseAndApi(home));
  await runtime.stop(["db"]);
  await supervisor.close();
  await killAll(home, ["api"]);
  const next = await home.open();
  await until(() => home.runs("api").length === 2);
  await reached(next.runtime.service("api"), "running");
  assertEquals(next.runtime.service("db").status.state, "stopped");
  assertEquals(home.runs("db").length, 1);
});

unixTest("Supervisor does not recover a service whose dependency has failed", async () => {
  await using home = new SupervisedHome();
  const [, api] = databaseAndApi(home);
  const db = home.script("db", STAY, { restart: { policy: "never" } });
  const { supervisor } = await running(home, [db, api]);
  await supervisor.close();
  await killAll(home, ["db", "api"]);
  const { runtime } = await home.open();
  await reached(runtime.service("api"), "crashed");
  assertEquals(runtime.service("api").status.reason?.code, "dependency_failed");
  assertEquals(home.runs("api").length, 1);
});

unixTest(
  "Supervisor does not run a completed job again when it recovers its dependent",
  async () => {
    await using home = new SupervisedHome();
    const job = home.script("job", "echo $$ >>job.runs; exit 0", { restart: { policy: "never" } });
    const first = await home.open();
    startServices(first.runtime, [handover(job)]);
    await until(() => first.runtime.service("job").status.done);
    const api = home.script("api", STAY, {
      depends_on: [{ service: "job", condition: "completed" }],
      restart: RESTART,
    });
    startServices(first.runtime, [handover(api)]);
    await until(() => home.runs("api").length === 1);
    await home.identified("api");
    await first.supervisor.close();
    await killAll(home, ["api"]);
    const { runtime } = await home.open();
    await until(() => home.runs("api").length === 2);
    assertEquals(runtime.service("job").status.done, true);
    assertEquals(home.runs("job").length, 1);
  },
);

unixTest(
  "SupervisedService restarts although a dependency has failed, after an adoption too",
  async () => {
    // It has been running without the dependency, and a recovery is over once the launch is adopted.
    for (const adopted of [false, true]) {
      await using home = new SupervisedHome();
      const [, api] = databaseAndApi(home);
      const db = home.script("db", STAY, { restart: { policy: "never" } });
      const first = await running(home, [db, api]);
      if (adopted) await first.supervisor.close();
      const { runtime } = adopted ? await home.open() : first;
      await killAll(home, ["db"]);
      await reached(runtime.service("db"), "crashed");
      await killAll(home, ["api"]);
      await until(() => runtime.service("api").status.restarts === 1);
      await until(() => runtime.service("api").status.state !== "backoff");
      await until(() => runtime.service("api").status.state !== "starting");
      assertEquals(runtime.service("api").status.state, "running", `adopted: ${adopted}`);
      await until(() => home.runs("api").length === 2);
    }
  },
);

unixTest(
  "SupervisedService.start() after a recovery checks its dependencies as any start",
  async () => {
    for (const recovered of [false, true]) {
      await using home = new SupervisedHome();
      const [db, api] = databaseAndApi(home);
      const first = await running(home, [db, api]);
      await first.runtime.stop(["db", "api"]);
      if (recovered) await first.supervisor.close();
      const { runtime } = recovered ? await home.open() : first;
      startServices(runtime, [handover(api)]);
      await until(() => runtime.service("api").status.state !== "starting");
      assertObjectMatch(runtime.service("api").status, {
        state: "crashed",
        reason: { code: "dependency_failed" },
      }, `recovered: ${recovered}`);
      assertEquals(home.runs("api").length, 1);
    }
  },
);

unixTest("SupervisedService.stop() cancels a recovery that waits for a dependency", async () => {
  await using home = new SupervisedHome();
  const { supervisor } = await running(home, databaseAndApi(home));
  await supervisor.close();
  await killAll(home, ["db", "api"]);
  Deno.removeSync(home.folder.join("well"));
  const clock = new FakeClock();
  const next = await home.open({ effects: clock.effects });
  await until(() => clock.pauses.length === 2);
  clock.advance(1_000);
  await until(() => home.runs("db").length === 2);
  const api = next.runtime.service("api");
  assertEquals(api.status.waiting_for, "db to be healthy");
  await next.runtime.stop(["api"]);
  assertObjectMatch(api.status, { state: "stopped", desired: "stopped", waiting_for: null });
  home.folder.write("well", "");
  await reached(next.runtime.service("db"), "running");
  await nothingIsDue(clock, next.supervisor);
  assertEquals(home.runs("api").length, 1);
});

unixTest("Supervisor does not launch what was waiting for a job that is stopped", async () => {
  await using home = new SupervisedHome();
  const job = home.script("job", STAY, { restart: { policy: "never" } });
  const web = home.script("web", STAY, {
    depends_on: [{ service: "job", condition: "completed" }],
  });
  const { supervisor, runtime: first } = await home.open();
  startServices(first, [handover(job), handover(web)]);
  await reached(first.service("job"), "running");
  await home.identified("job");
  assertEquals(first.service("web").status.waiting_for, "job to complete");
  await supervisor.close();

  const { runtime } = await home.open();
  assertEquals(runtime.service("web").status.waiting_for, "job to complete");
  await runtime.stop(["job"]);
  await reached(runtime.service("web"), "crashed");
  assertEquals(runtime.service("web").status.reason?.code, "dependency_failed");
  assertEquals(home.runs("web"), []);
});
