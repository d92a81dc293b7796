import { assert, assertEquals, assertObjectMatch, assertStringIncludes } from "@std/assert";
import { runtimePaths, servicePaths } from "../../../src/home/home_paths.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";
import { alive } from "../../fixtures/script_launch.ts";
import {
  changesOf,
  eventsOf,
  handover,
  reached,
  RUNTIME,
  startServices,
  STAY,
  SupervisedHome,
} from "../../fixtures/supervised_home.ts";
import { linuxTest, unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";
import { leftRunning } from "../../fixtures/left_running.ts";

unixTest(
  "Supervisor adopts a running launch of an earlier supervisor without changing it",
  async () => {
    await using home = new SupervisedHome();
    const pid = await leftRunning(home);
    const launch = home.snapshot("api").launch;
    const { runtime } = await home.open();
    const service = runtime.service("api");
    assertObjectMatch(service.status, { state: "running", pid });
    assertEquals(home.snapshot("api").launch, launch);
    assertEquals(home.transcript("api").map(({ type }) => type), [
      "requested",
      "launched",
      "adopted",
    ]);
    assertEquals(startServices(runtime, [handover(service.spec)]), { api: "already_running" });
    assertEquals(home.runs("api"), [pid]);

    assertEquals(await runtime.stop(["api"]), ["api"]);
    assertEquals(await alive([pid]), []);
    assertEquals(service.status.state, "stopped");
    assertEquals(home.pidFiles("api"), []);
  },
);

unixTest("Supervisor does not repeat what an earlier supervisor knew of the health", async () => {
  await using home = new SupervisedHome();
  const check = { kind: "exec", command: ["/bin/true"] } as const;
  await leftRunning(home, { health: healthSpec(check, { interval_ms: 3_600_000 }) });
  // The first check of the successor never ends.
  const { runtime } = await home.open({ effects: { watchHealth: () => Promise.resolve() } });
  assertObjectMatch(runtime.service("api").status, {
    state: "running",
    health: "unknown",
    health_detail: "not checked yet by this supervisor",
  });
});

unixTest(
  "Supervisor detects the exit of an adopted launch, and reports an unknown status",
  async () => {
    await using home = new SupervisedHome();
    const pid = await leftRunning(home, { restart: { delay_ms: 5 } });
    const { runtime } = await home.open();
    const service = runtime.service("api");
    Deno.kill(pid, "SIGKILL");
    const [, second] = await until(() => home.runs("api").length === 2 && home.runs("api"));
    await reached(service, "running");
    assertObjectMatch(service.status, { pid: second, restarts: 1 });
    const end = (await changesOf(runtime, "api")).find(({ to }) => to === "backoff");
    assertEquals(end?.exit, { exit_code: null, signal: null });
    assertStringIncludes(end!.reason!.message, "status unknown");
  },
);

unixTest("Supervisor continues to wait for the readiness of an adopted launch", async () => {
  await using home = new SupervisedHome();
  const health = healthSpec({ kind: "log", pattern: "^ready$" }, { within_ms: 60_000 });
  const script = `until [ -e go ]; do sleep 0.02; done; echo ready; ${STAY}`;
  const first = await home.open();
  startServices(first.runtime, [handover(home.script("api", script, { health }))]);
  const { pid } = await home.identified("api");
  await first.supervisor.close();
  const anHour = 3_600_000;
  home.rewrite("api", ({ launch }) => ({
    launch: { ...launch!, at: new Date(Date.now() - anHour).toISOString() },
  }));
  const { runtime } = await home.open();
  const service = runtime.service("api");
  assertObjectMatch(service.status, { state: "starting", pid });
  home.folder.write("go", "");
  await reached(service, "running");
  assertObjectMatch(service.status, { health: "healthy", pid });
  const healthy = await until(() => home.transcript("api").find(({ type }) => type === "healthy"));
  assert(healthy.type === "healthy" && healthy.after_ms >= anHour, JSON.stringify(healthy));
});

unixTest(
  "Supervisor treats a launch whose process is gone as a crash with unknown status",
  async () => {
    for (const [policy, state] of [["on-failure", "running"], ["never", "crashed"]] as const) {
      await using home = new SupervisedHome();
      const pid = await leftRunning(home, { restart: { policy, delay_ms: 5 } });
      Deno.kill(pid, "SIGKILL");
      await until(async () => (await alive([pid])).length === 0);
      const { runtime } = await home.open();
      const service = runtime.service("api");
      await reached(service, state);
      assertEquals(service.status.restarts, state === "running" ? 1 : 0);
      const end = (await changesOf(runtime, "api")).find(({ exit }) => exit !== null);
      assertEquals(end?.exit, { exit_code: null, signal: null });
      assertEquals(end?.reason?.code, "service_exited");
    }
  },
);

unixTest("Supervisor never signals a process that reused a recorded pid", async () => {
  await using home = new SupervisedHome();
  const other = await leftRunning(home, { restart: { delay_ms: 5 } });
  home.rewrite("api", ({ launch }) => ({
    // Another id too: the process carries the mark of its own launch.
    launch: { ...launch!, id: "old-1", identity: { ...launch!.identity!, start_time: "1" } },
  }));
  const { runtime } = await home.open();
  const service = runtime.service("api");
  await reached(service, "running");
  const [, own] = await until(() => home.runs("api").length === 2 && home.runs("api"));
  assertEquals(service.status.pid, own);
  await runtime.stop(["api"]);
  assertEquals(await alive([other, own!]), [other]);
});

unixTest("Supervisor never signals processes for a record of another boot", async () => {
  await using home = new SupervisedHome();
  const other = await leftRunning(home, { restart: { policy: "never" } });
  home.rewrite("api", ({ launch }) => ({
    launch: { ...launch!, id: "old-1", identity: { ...launch!.identity!, boot_id: "another" } },
  }));
  const { runtime } = await home.open();
  await reached(runtime.service("api"), "crashed");
  await runtime.stop(["api"]);
  assertEquals(await alive([other]), [other]);
});

linuxTest(
  "Supervisor stops the orphans of a leader that exited while no supervisor was running",
  async () => {
    await using home = new SupervisedHome();
    const first = await home.open();
    const script = 'sleep 60 & echo "$!" >>members; echo "$$" >>leaders; wait';
    startServices(first.runtime, [
      handover(home.script("api", script, { restart: { delay_ms: 5 } })),
    ]);
    const { pid: leader } = await home.identified("api");
    const member = await until(() => Number(home.folder.read("members")) || null);
    await first.supervisor.close();
    Deno.kill(leader, "SIGKILL");
    await until(async () => (await alive([leader])).length === 0);
    assertEquals(await alive([member]), [member]);

    const { runtime } = await home.open();
    await until(() => home.folder.read("leaders").split("\n").length === 3);
    assertEquals(await alive([member]), []);
    await reached(runtime.service("api"), "running");
  },
);

unixTest("Supervisor completes a stop that an earlier supervisor began", async () => {
  await using home = new SupervisedHome();
  const first = await home.open();
  const script = 'trap "" TERM; echo "$$" >>api.runs; while :; do sleep 0.02; done';
  const spec = home.script("api", script, { stop: { timeout_ms: 500 } });
  startServices(first.runtime, [handover(spec)]);
  const pid = await until(() => home.runs("api")[0]);
  await home.identified("api");
  first.runtime.stop(["api"]);
  await reached(first.runtime.service("api"), "stopping");
  await first.supervisor.close();
  const { runtime } = await home.open();
  const service = runtime.service("api");
  assertObjectMatch(service.status, { state: "stopping", pid });
  await reached(service, "stopped");
  assertEquals({ alive: await alive([pid]), runs: home.runs("api") }, { alive: [], runs: [pid] });
});

unixTest("Supervisor completes a restart that an earlier supervisor began", async () => {
  for (const [state, pause_ms] of [["stopping", 0], ["stopped", 60_000]] as const) {
    await using home = new SupervisedHome();
    const first = await home.open();
    const script = `trap "sleep 0.2; exit" TERM; echo $$ >>api.runs; while :; do sleep 0.02; done`;
    const spec = home.script("api", script, { restart: { pause_ms } });
    startServices(first.runtime, [handover(spec)]);
    await until(() => home.runs("api").length === 1);
    await home.identified("api");
    startServices(first.runtime, [handover(spec)], "restart");
    await reached(first.runtime.service("api"), state);
    await first.supervisor.close();
    const { runtime } = await home.open();
    await until(() => home.runs("api").length === 2);
    await reached(runtime.service("api"), "running");
    assertEquals((await alive(home.runs("api"))).length, 1);
    assertEquals(runtime.service("api").status.restarts, 0);
  }
});

unixTest("Supervisor resumes a backoff with the restart history", async () => {
  await using home = new SupervisedHome();
  const first = await home.open();
  const restart = { max: 3, delay_ms: 60_000, max_delay_ms: 60_000 };
  startServices(first.runtime, [
    handover(home.script("api", "echo x >>runs; exit 1", { restart })),
  ]);
  await reached(first.runtime.service("api"), "backoff");
  await first.supervisor.close();
  for (const restarts of [1, 2]) {
    home.rewrite("api", () => ({ next_restart_at: new Date().toISOString() }));
    const { supervisor, runtime } = await home.open();
    await reached(runtime.service("api"), "backoff");
    assertEquals(runtime.service("api").status.restarts, restarts);
    await supervisor.close();
  }
  home.rewrite("api", () => ({ next_restart_at: new Date().toISOString() }));
  const { runtime } = await home.open();
  const service = runtime.service("api");
  await reached(service, "crashed");
  assertEquals(service.status.reason?.code, "restarts_exhausted");
  assertEquals(home.folder.read("runs"), "x\nx\nx\nx\n");
});

unixTest("Supervisor does not start services that are stopped, finished or crashed", async () => {
  await using home = new SupervisedHome();
  const first = await home.open();
  const never = { restart: { policy: "never" } } as const;
  startServices(first.runtime, [
    handover(home.script("stopped", STAY)),
    handover(home.script("done", "exit 0")),
    handover(home.script("crashed", "exit 1", never)),
  ]);
  await reached(first.runtime.service("stopped"), "running");
  await first.runtime.stop(["stopped"]);
  await reached(first.runtime.service("done"), "stopped");
  await reached(first.runtime.service("crashed"), "crashed");
  await first.supervisor.close();
  const { runtime } = await home.open();
  assertEquals(runtime.status().map(({ state }) => state), ["crashed", "stopped", "stopped"]);
  assertEquals(runtime.needsSupervisor, false);
  const before = await eventsOf(runtime);
  assertEquals(before.at(-1)?.type, "supervisor_started");
});

unixTest("Supervisor prevents a launch for which only the intent was recorded", async () => {
  await using home = new SupervisedHome();
  const pid = await leftRunning(home, { restart: { delay_ms: 5 } });
  Deno.kill(pid, "SIGKILL");
  await until(async () => (await alive([pid])).length === 0);
  // Simulates a supervisor that was killed between recording the intent and the launch.
  home.rewrite("api", ({ launch }) => ({
    state: "starting",
    launch: { ...launch!, id: "late", identity: null },
  }));
  const { runtime } = await home.open();
  await reached(runtime.service("api"), "running");
  assertEquals(runtime.service("api").status.restarts, 1);
  // The launcher of the killed supervisor runs late.
  const { launch } = await import("../../../src/spawn/launch.ts");
  const { launches } = servicePaths(runtimePaths(home.path, RUNTIME), "api");
  const late = launch({
    program: "/bin/sh",
    args: ["-c", "touch ran"],
    cwd: home.folder.path,
    env: {},
    stdoutPath: "/dev/null",
    stderrPath: "/dev/null",
    pidPath: `${launches}/late.pid`,
    memoryBytes: null,
    openFiles: null,
    umask: null,
    nice: null,
  });
  const ended = await until(async () =>
    await Promise.race([late.exited, new Promise<null>((resolve) => setTimeout(resolve, 10, null))])
  );
  assertEquals(ended, { exit_code: 125, signal: null });
  assertEquals(
    [...Deno.readDirSync(home.folder.path)].some((it) => it.name === "ran"),
    false,
  );
  await until(async () => (await alive(home.runs("api"))).length === 1);
});

unixTest("Supervisor continues an interrupted start", async () => {
  await using home = new SupervisedHome();
  const first = await home.open();
  startServices(first.runtime, [handover(home.script("api", STAY))]);
  await reached(first.runtime.service("api"), "running");
  await until(() => home.runs("api").length === 1);
  await first.runtime.stop(["api"]);
  await first.supervisor.close();
  home.rewrite("api", () => ({ state: "starting", desired: "running" }));
  const { runtime } = await home.open();
  await reached(runtime.service("api"), "running");
  await until(() => home.runs("api").length === 2);
  assertEquals(runtime.service("api").status.restarts, 0);
  const launches = home.audited.filter(({ action }) => action === "auto-restart");
  assertEquals(launches.map(({ reason }) => reason), ["resumed by a new supervisor"]);
});
