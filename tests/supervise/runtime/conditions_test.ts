import { assertEquals, assertObjectMatch } from "@std/assert";
import type { DependencyCondition } from "../../../src/model/service_spec.ts";
import { FakeClock } from "../../fixtures/fake_clock.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";
import {
  changesOf,
  eventsOf,
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

const JOB = { restart: { policy: "never" } } as const;

/** A job that ends with an exit code when the file `go` exists. */
function job(code: number): string {
  return `echo $$ >>job.runs; until [ -e go ]; do sleep 0.02; done; exit ${code}`;
}

/** A service that stays up and depends on another one. */
function api(
  home: SupervisedHome,
  service: string,
  condition: DependencyCondition,
  changes: ServiceChanges = {},
) {
  const depends_on = [{ service, condition }];
  return handover(home.script("api", STAY, { depends_on, ...changes }));
}

unixTest(
  "SupervisedRuntime.start() does not wait for health with the condition started",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const never = healthSpec({ kind: "log", pattern: "never said" }, { within_ms: 60_000 });
    const db = handover(home.script("db", STAY, { health: never }));
    startServices(runtime, [api(home, "db", "started"), db]);
    await reached(runtime.service("api"), "running");
    assertObjectMatch(runtime.service("db").status, { state: "starting", health: "starting" });
  },
);

unixTest(
  "SupervisedRuntime.start() waits with the condition started until there is a process",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const slow = handover(home.script("job", job(0), JOB));
    const db = handover(
      home.script("db", STAY, { depends_on: [{ service: "job", condition: "completed" }] }),
    );
    startServices(runtime, [api(home, "db", "started"), db, slow]);
    await until(() => home.runs("job").length === 1);
    assertEquals(
      runtime.status().map(({ name, state, pid, waiting_for }) =>
        [name, state, pid !== null, waiting_for] as const
      ),
      [
        ["api", "starting", false, "db to start"],
        ["db", "starting", false, "job to complete"],
        ["job", "running", true, null],
      ],
    );
    home.folder.write("go", "");
    await reached(runtime.service("api"), "running");
    assertEquals(runtime.service("api").status.waiting_for, null);
  },
);

unixTest("SupervisedRuntime.start() waits until a job has completed", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  startServices(runtime, [
    api(home, "job", "completed", { ready_after_ms: 60_000 }),
    handover(home.script("job", job(0), JOB)),
  ]);
  await reached(runtime.service("job"), "running");
  assertObjectMatch(runtime.service("api").status, {
    state: "starting",
    pid: null,
    waiting_for: "job to complete",
  });
  home.folder.write("go", "");
  await until(() => runtime.service("api").status.pid !== null);
  assertObjectMatch(runtime.service("api").status, { state: "starting", waiting_for: null });
  assertObjectMatch(runtime.service("job").status, { state: "stopped", done: true, exit_code: 0 });
  const events = await changesOf(runtime, "job");
  assertEquals(events.map(({ to, done }) => [to, done]), [
    ["starting", false],
    ["running", false],
    ["stopped", true],
  ]);
});

unixTest("SupervisedRuntime.start() does not launch a service whose job has failed", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  startServices(runtime, [
    api(home, "job", "completed"),
    handover(home.script("job", job(3), JOB)),
  ]);
  await until(() => home.runs("job").length === 1);
  home.folder.write("go", "");
  await reached(runtime.service("api"), "crashed");
  const { reason, waiting_for } = runtime.service("api").status;
  assertEquals({ code: reason?.code, message: reason?.message, waiting_for }, {
    code: "dependency_failed",
    message: "api was not started: it depends on job, which failed. job exited with code 3.",
    waiting_for: null,
  });
  assertObjectMatch(runtime.service("job").status, { state: "crashed", done: false });
  assertEquals(home.runs("api"), []);
});

unixTest(
  "SupervisedRuntime.start() treats a completed job as ready, also when it has just started",
  async () => {
    for (const condition of ["healthy", "started", "completed"] as const) {
      await using home = new SupervisedHome();
      const { runtime } = await home.open();
      startServices(runtime, [handover(home.script("job", "exit 0", JOB))]);
      await until(() => runtime.service("job").status.done);
      startServices(runtime, [api(home, "job", condition)]);
      await reached(runtime.service("api"), "running");
    }
  },
);

unixTest(
  "SupervisedRuntime.start() does not launch a service whose dependency died before ready_after",
  async () => {
    await using home = new SupervisedHome();
    const clock = new FakeClock();
    const { runtime } = await home.open({ effects: clock.effects });
    const db = home.script("db", job(3), { ...JOB, ready_after_ms: 1_000 });
    startServices(runtime, [api(home, "db", "healthy"), handover(db)]);
    await until(() => home.runs("job").length === 1);
    clock.advance(999);
    assertEquals(runtime.service("api").status.waiting_for, "db to be healthy");
    home.folder.write("go", "");
    await reached(runtime.service("api"), "crashed");
    assertEquals(await statesOf(runtime, "db"), ["starting", "crashed"]);
    assertEquals(home.runs("api"), []);
  },
);

unixTest(
  "SupervisedRuntime treats a code of restart.success as the completion of a job",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const restart = { policy: "never", success: [0, 3] } as const;
    startServices(runtime, [
      handover(home.script("three", "exit 3", { restart })),
      handover(home.script("four", "exit 4", { restart })),
    ]);
    await reached(runtime.service("three"), "stopped");
    assertObjectMatch(runtime.service("three").status, { done: true, exit_code: 3, reason: null });
    await reached(runtime.service("four"), "crashed");
    assertEquals(runtime.service("four").status.done, false);
  },
);

unixTest(
  "SupervisedRuntime does not treat a service that exits with 0 as a completed job",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    startServices(runtime, [handover(home.script("api", "exit 0"))]);
    await reached(runtime.service("api"), "stopped");
    assertObjectMatch(runtime.service("api").status, { done: false, exit_code: 0 });
  },
);

unixTest(
  "SupervisedRuntime does not treat a job that a user has stopped as completed",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const script = "trap 'exit 0' TERM; echo $$ >>job.runs; [ -e quick ] && exit 0; " +
      "while :; do sleep 0.02; done";
    const job = handover(home.script("job", script, JOB));
    // Whether or not an earlier run has completed.
    for (const runs of [1, 3]) {
      startServices(runtime, [job]);
      await until(() => home.runs("job").length === runs);
      await runtime.stop(["job"]);
      const { state, done, exit_code } = runtime.service("job").status;
      assertEquals({ state, done, exit_code }, { state: "stopped", done: false, exit_code: 0 });
      home.folder.write("quick", "");
      startServices(runtime, [job]);
      await until(() => runtime.service("job").status.done);
      Deno.removeSync(home.folder.join("quick"));
    }
  },
);

unixTest(
  "SupervisedRuntime.start() runs a completed job again only if it is to be rerun",
  async () => {
    await using home = new SupervisedHome();
    const { runtime, supervisor } = await home.open();
    const spec = home.script("job", "echo $$ >>job.runs; exit 0", JOB);
    const kept = handover(spec, { rerun: false });
    startServices(runtime, [kept]);
    const completed = async (runs: number, on = runtime) => {
      await until(() => home.runs("job").length === runs && on.service("job").status.done);
    };
    await completed(1);
    const before = (await changesOf(runtime, "job")).length;
    assertEquals(startServices(runtime, [kept]), { job: "done" });
    assertEquals(startServices(runtime, [kept], "start"), { job: "done" });
    assertEquals((await changesOf(runtime, "job")).length, before);
    assertEquals(home.snapshot("job").completed_digest, "digest-1");

    assertEquals(startServices(runtime, [handover(spec)]), { job: "started" });
    assertEquals(runtime.service("job").status.done, false);
    await completed(2);
    // A restart is a request to run it.
    assertEquals(startServices(runtime, [kept], "restart"), { job: "started" });
    await completed(3);
    const changed = handover(spec, { rerun: false, config_digest: "digest-2" });
    assertEquals(startServices(runtime, [changed]), { job: "started" });
    await completed(4);

    // The next supervisor knows it too.
    await supervisor.close();
    const next = await home.open();
    assertEquals(next.runtime.service("job").status.done, true);
    assertEquals(startServices(next.runtime, [changed]), { job: "done" });
    assertEquals(home.runs("job").length, 4);
  },
);

unixTest("SupervisedRuntime.start() runs a job again that has failed or was stopped", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const script = "echo $$ >>job.runs; [ -e well ] && exit 0; [ -e wait ] && sleep 60; exit 3";
  const kept = handover(home.script("job", script, JOB), { rerun: false });
  startServices(runtime, [kept]);
  await reached(runtime.service("job"), "crashed");
  home.folder.write("wait", "");
  assertEquals(startServices(runtime, [kept]), { job: "started" });
  await until(() => home.runs("job").length === 2);
  await runtime.stop(["job"]);
  home.folder.write("well", "");
  assertEquals(startServices(runtime, [kept]), { job: "started" });
  await until(() => runtime.service("job").status.done);
  assertEquals(home.runs("job").length, 3);
});

unixTest("SupervisedRuntime.stop() stops in reverse order through completed jobs", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const slowToStop = 'trap "sleep 0.1; exit" TERM; echo $$ >>"$HALE_SERVICE.runs"; ' +
    "while :; do sleep 0.02; done";
  startServices(runtime, [
    handover(home.script("redis", slowToStop)),
    handover(home.script("migrate", "exit 0", { ...JOB, depends_on: ["redis"] })),
    handover(home.script("api", slowToStop, {
      depends_on: [{ service: "migrate", condition: "completed" }],
    })),
  ]);
  await until(() => home.runs("api").length === 1 && home.runs("redis").length === 1);
  await runtime.stop(["redis", "migrate", "api"]);
  const stops = (await eventsOf(runtime)).flatMap((event) =>
    event.type === "state_changed" && event.from !== "starting" && event.service !== "migrate"
      ? [`${event.service} ${event.to}`]
      : []
  );
  assertEquals(stops.filter((stop) => !stop.endsWith("starting")), [
    "api stopping",
    "api stopped",
    "redis stopping",
    "redis stopped",
  ]);
});
