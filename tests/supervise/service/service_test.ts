import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertLess,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";
import { alive } from "../../fixtures/script_launch.ts";
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
import { linuxTest, unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

/** Long enough for an unwanted restart to happen. */
const LONGER_THAN_ANY_PAUSE_MS = 400;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

unixTest(
  "SupervisedService.start() launches the program once, and stop() stops it",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    assertEquals(startServices(runtime, [handover(home.script("api", STAY))]), { api: "started" });
    const service = runtime.service("api");
    await reached(service, "running");
    const [pid] = await until(() => home.runs("api").length === 1 && home.runs("api"));
    assertEquals(service.status.pid, pid);
    assertEquals((await home.identified("api")).pid, pid!);
    assertEquals(startServices(runtime, [handover(service.spec)], "start"), {
      api: "already_running",
    });
    assertEquals(startServices(runtime, [handover(service.spec)]), { api: "already_running" });

    assertEquals(await runtime.stop(["api"]), ["api"]);
    assertEquals([service.status.state, service.status.desired], ["stopped", "stopped"]);
    assertEquals([service.status.signal, service.status.pid], ["SIGTERM", null]);
    assertEquals(await alive([pid!]), []);
    assertEquals(home.pidFiles("api"), []);
    assertEquals(home.snapshot("api").launch, null);

    const before = (await eventsOf(runtime)).length;
    assertEquals(await runtime.stop(["api"]), []);
    assertEquals((await eventsOf(runtime)).length, before);
    assertEquals(await statesOf(runtime, "api"), ["starting", "running", "stopping", "stopped"]);
    assertEquals(home.transcript("api").map(({ type }) => type), [
      "requested",
      "launched",
      "requested",
      "exited",
    ]);
    assertEquals(home.runs("api"), [pid!]);
    assertEquals(home.problems, []);
  },
);

unixTest("SupervisedService restarts a stable service at once when it is killed", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const spec = home.script("api", STAY, { restart: { reset_after_ms: 20 } });
  startServices(runtime, [handover(spec)]);
  const service = runtime.service("api");
  const [first] = await until(() => home.runs("api").length === 1 && home.runs("api"));
  await until(() =>
    service.status.uptime_seconds !== null && home.snapshot("api").launch?.identity
  );
  await pause(30);
  const killedAt = performance.now();
  Deno.kill(first!, "SIGKILL");
  const [, second] = await until(() => home.runs("api").length === 2 && home.runs("api"));
  assertLess(performance.now() - killedAt, 1_000);
  await reached(service, "running");
  assertNotEquals(second, first);
  assertEquals([service.status.pid, service.status.restarts], [second, 1]);
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
});

unixTest(
  "SupervisedService gives up after restart.max restarts, and can be started again",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const script = 'echo x >>runs; echo "cannot open db" >&2; exit 3';
    const spec = home.script("api", script, { restart: { max: 2, delay_ms: 5 } });
    startServices(runtime, [handover(spec)]);
    const service = runtime.service("api");
    await reached(service, "crashed");
    const { reason, exit_code, restarts, desired, next_restart_at } = service.status;
    assertEquals(reason?.code, "restarts_exhausted");
    assertStringIncludes(reason!.message, "exited with code 3");
    assertEquals(reason?.fields?.stderr, ["cannot open db"]);
    assertEquals([exit_code, restarts, desired, next_restart_at], [3, 2, "running", null]);
    assertEquals(home.folder.read("runs"), "x\nx\nx\n");

    assertEquals(startServices(runtime, [handover(spec)], "start"), { api: "started" });
    assertEquals([service.status.restarts, service.status.reason], [0, null]);
    await reached(service, "crashed");
    assertEquals(home.folder.read("runs"), "x\nx\nx\nx\nx\nx\n");
    assertEquals(await runtime.stop(["api"]), []);
    assertEquals(service.status.state, "stopped");
  },
);

unixTest("SupervisedService reports the time of the next restart during backoff", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open({ effects: { random: () => 0 } });
  const spec = home.script("api", "exit 3", {
    restart: { delay_ms: 60_000, max_delay_ms: 60_000 },
  });
  const before = Date.now();
  startServices(runtime, [handover(spec)]);
  const service = runtime.service("api");
  await reached(service, "backoff");
  const waitMs = Date.parse(service.status.next_restart_at!) - before;
  assertGreaterOrEqual(waitMs, 60_000);
  assertLess(waitMs, 70_000);
  startServices(runtime, [handover(home.script("api", STAY), { config_digest: "digest-2" })]);
  await reached(service, "running");
  assertEquals([service.status.next_restart_at, service.status.restarts], [null, 0]);
});

for (
  const [policy, code, states] of [
    ["on-failure", 0, ["starting", "running", "stopped"]],
    ["never", 0, ["starting", "running", "stopped"]],
    ["never", 7, ["starting", "running", "crashed"]],
    ["always", 0, ["starting", "running", "backoff", "starting", "running", "crashed"]],
  ] as const
) {
  unixTest(
    `SupervisedService follows the restart policy ${policy} when it exits with ${code}`,
    async () => {
      await using home = new SupervisedHome();
      const { runtime } = await home.open();
      const restart = { policy, max: 1, delay_ms: 5 };
      startServices(runtime, [handover(home.script("job", `exit ${code}`, { restart }))]);
      const service = runtime.service("job");
      await reached(service, states.at(-1)!);
      assertEquals(await statesOf(runtime, "job"), [...states]);
      assertEquals(service.status.exit_code, code);
      assertEquals(service.status.desired, states.at(-1) === "stopped" ? "stopped" : "running");
      assertEquals(service.needsSupervisor, false);
    },
  );
}

unixTest("SupervisedService reports why a program cannot be run, and does not retry", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const plain = home.folder.write("plain", "#!/bin/sh\n");
  const orphan = home.folder.write("orphan", "#!/no/such/interpreter\n", { executable: true });
  const missing = home.folder.join("missing");
  const cases = [
    ["missing", missing, "binary_not_found", /could not be run/],
    ["plain", plain, "binary_not_found", /cannot be executed/],
    ["orphan", orphan, "binary_not_found", /interpreter \/no\/such\/interpreter does not exist/],
  ] as const;
  for (const [name, binary, code, message] of cases) {
    startServices(runtime, [handover(home.script(name, ""), { binary })]);
    const service = runtime.service(name);
    await reached(service, "crashed");
    assertEquals(service.status.reason?.code, code);
    assertMatch(service.status.reason!.message, message);
    assertEquals(service.status.restarts, 0);
    // The output of the launcher's shell is not output of the program.
    assertEquals(service.status.reason?.fields?.stderr, []);
  }
  const nowhere = { ...home.script("nowhere", ""), cwd: home.folder.join("gone") };
  startServices(runtime, [handover(nowhere)]);
  const service = runtime.service("nowhere");
  await reached(service, "crashed");
  assertEquals(service.status.reason?.code, "spawn_failed");
  assertStringIncludes(service.status.reason!.message, `${nowhere.cwd} does not exist`);
  assertEquals([service.hasLaunch, home.snapshot("nowhere").launch], [false, null]);

  startServices(runtime, [handover(home.script("unresolved", ""), { binary: null })]);
  await reached(runtime.service("unresolved"), "crashed");
  assertEquals(runtime.service("unresolved").status.reason?.code, "binary_not_found");
});

unixTest(
  "SupervisedService.stop() while starting stops the launch without a restart",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const health = { kind: "log", pattern: "never said" } as const;
    const spec = home.script("api", STAY, { health: healthSpec(health, { within_ms: 60_000 }) });
    startServices(runtime, [handover(spec)]);
    const service = runtime.service("api");
    const [pid] = await until(() => home.runs("api").length === 1 && home.runs("api"));
    assertEquals([service.status.state, service.status.health], ["starting", "starting"]);
    assertEquals(await runtime.stop(["api"]), ["api"]);
    assertEquals(await runtime.stop(["api"]), []);
    await pause(LONGER_THAN_ANY_PAUSE_MS);
    assertEquals(service.status.state, "stopped");
    assertEquals(await alive([pid!]), []);
    assertEquals(await statesOf(runtime, "api"), ["starting", "stopping", "stopped"]);
  },
);

unixTest("SupervisedService.stop() during the preflight checks cancels the launch", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  startServices(runtime, [handover(home.script("api", STAY))]);
  // The port check is not complete yet.
  assertEquals(runtime.service("api").status.state, "starting");
  assertEquals(await runtime.stop(["api"]), ["api"]);
  await pause(LONGER_THAN_ANY_PAUSE_MS);
  assertEquals([runtime.service("api").status.state, home.runs("api").length], ["stopped", 0]);
});

unixTest(
  "SupervisedService.stop() during backoff cancels the restart",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const restart = { delay_ms: 200 };
    startServices(runtime, [handover(home.script("api", "echo x >>runs; exit 1", { restart }))]);
    const service = runtime.service("api");
    await reached(service, "backoff");
    assertEquals(await runtime.stop(["api"]), ["api"]);
    assertEquals(service.status.state, "stopped");
    assertEquals(await runtime.stop(["api"]), []);
    await pause(LONGER_THAN_ANY_PAUSE_MS);
    assertEquals([service.status.state, home.folder.read("runs")], ["stopped", "x\n"]);
  },
);

unixTest("SupervisedService.stop() during the pause of a restart cancels the restart", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const spec = home.script("api", STAY, { restart: { pause_ms: 200 } });
  startServices(runtime, [handover(spec)]);
  const service = runtime.service("api");
  await until(() => home.runs("api").length === 1);
  assertEquals(startServices(runtime, [handover(spec)], "restart"), { api: "restarted" });
  await reached(service, "stopped");
  assertEquals([service.status.desired, service.needsSupervisor], ["running", true]);
  assertEquals(await runtime.stop(["api"]), ["api"]);
  assertEquals(await runtime.stop(["api"]), []);
  await pause(LONGER_THAN_ANY_PAUSE_MS);
  assertEquals([service.status.state, service.needsSupervisor], ["stopped", false]);
  assertEquals(home.runs("api").length, 1);
});

unixTest(
  "SupervisedService.stop() while a restart is stopping it cancels the restart",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const script = 'trap "sleep 0.2; exit" TERM; echo x >>runs; while :; do sleep 0.02; done';
    const spec = home.script("api", script);
    startServices(runtime, [handover(spec)]);
    await until(() => home.folder.read("runs") !== "");
    startServices(runtime, [handover(spec)], "restart");
    assertEquals(runtime.service("api").status.state, "stopping");
    assertEquals(await runtime.stop(["api"]), ["api"]);
    await pause(LONGER_THAN_ANY_PAUSE_MS);
    assertEquals([runtime.service("api").status.state, home.folder.read("runs")], [
      "stopped",
      "x\n",
    ]);
  },
);

unixTest(
  "SupervisedService.start() during the pause of a restart launches at once, and once",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
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
    await pause(LONGER_THAN_ANY_PAUSE_MS);
    assertEquals([service.status.state, home.runs("api").length], ["crashed", 2]);
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
    const requestedAt = performance.now();
    startServices(runtime, [handover(spec)], "restart");
    const [, second] = await until(() => home.runs("api").length === 2 && home.runs("api"));
    assertGreaterOrEqual(performance.now() - requestedAt, 295);
    assertEquals(await alive([first!, second!]), [second!]);
    await reached(service, "running");
    assertEquals(service.status.restarts, 0);
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

unixTest(
  "SupervisedService stops within the grace period when the stop command hangs",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const command = ["/bin/sh", "-c", 'trap "" TERM; sleep 60'];
    startServices(runtime, [
      handover(home.script("api", STAY, { stop: { command, timeout_ms: 300 } })),
    ]);
    await until(() => home.runs("api").length === 1);
    const requestedAt = performance.now();
    await runtime.stop(["api"]);
    const ms = performance.now() - requestedAt;
    assertGreaterOrEqual(ms, 295);
    assertLess(ms, 3_000);
  },
);

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
    assertEquals([service.status.uptime_seconds, service.status.exit_code], [null, 1]);
    home.folder.write("well", "");
    assertEquals(startServices(runtime, [handover(spec)], "restart"), { api: "started" });
    await until(() => home.runs("api").length === 1);
    const { state, uptime_seconds, exit_code, reason } = service.status;
    assertEquals([state, uptime_seconds, exit_code, reason], ["running", 0, null, null]);
  },
);

linuxTest(
  "SupervisedService reports processes that left the group and are still running",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const script = "setsid sh -c 'echo $$ >escaped; exec sleep 60' & wait";
    startServices(runtime, [handover(home.script("api", script))]);
    const escaped = await until(() => Number(home.folder.read("escaped")) || null);
    await runtime.stop(["api"]);
    const event = (await eventsOf(runtime)).find((event) => event.type === "diagnostic");
    assert(event?.type === "diagnostic");
    assertEquals([event.service, event.code], ["api", "survivors_left"]);
    assertEquals(
      event.message,
      `Processes of api left its process group and are still running: sleep (pid ${escaped})`,
    );
    assertEquals(await alive([escaped]), [escaped]);
  },
);

unixTest("SupervisedService continues when the pid file cannot be removed", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  startServices(runtime, [handover(home.script("api", STAY))]);
  const service = runtime.service("api");
  await home.identified("api");
  const { launches } = runtime.records.paths("api");
  const [name] = home.pidFiles("api");
  Deno.removeSync(`${launches}/${name}`);
  Deno.mkdirSync(`${launches}/${name}/full`, { recursive: true });
  await runtime.stop(["api"]);
  assertEquals(service.status.state, "stopped");
  assertEquals(home.problems.length, 1);
});

unixTest("SupervisedService continues when its log cannot be read", async () => {
  await using home = new SupervisedHome();
  const effects = {
    tail: () => {
      throw new HaleError("store_io", "unreadable");
    },
  };
  const { runtime } = await home.open({ effects });
  startServices(runtime, [
    handover(home.script("api", "exit 1", { restart: { policy: "never" } })),
  ]);
  await reached(runtime.service("api"), "crashed");
  assertEquals(home.problems.map(({ code }) => code), ["store_io"]);
});

unixTest(
  "SupervisedService.configure() does not affect the active launch until the next up",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    startServices(runtime, [handover(home.script("api", STAY))]);
    const service = runtime.service("api");
    const [first] = await until(() => home.runs("api").length === 1 && home.runs("api"));
    const changed = handover(home.script("api", `: changed; ${STAY}`), {
      config_digest: "digest-2",
    });
    runtime.configure([changed]);
    assertEquals([service.status.config_changed, service.status.pid], [true, first]);
    assertEquals(runtime.start([changed], "start"), { api: "already_running" });
    assertEquals(runtime.start([changed], "up"), { api: "restarted" });
    await until(() => home.runs("api").length === 2);
    await reached(service, "running");
    assertEquals([service.status.config_changed, service.spec.args], [false, changed.spec.args]);
  },
);

unixTest(
  "SupervisedService.configure() applies new log limits to the active launch",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const spec = home.script("api", STAY);
    startServices(runtime, [handover(spec)]);
    const service = runtime.service("api");
    await reached(service, "running");
    const [pid, logs] = [service.status.pid, { ...spec.logs, max_size_bytes: 1_000, keep: 2 }];
    const changed = handover({ ...spec, logs });
    runtime.configure([changed]);
    assertEquals(runtime.start([changed], "up"), { api: "already_running" });
    assertEquals([service.spec.logs, service.status.pid], [logs, pid]);
    await until(() => home.snapshot("api").spec.logs.keep === 2);
  },
);

unixTest("SupervisedService.start() throws for an unmanaged service", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const unmanaged = home.script("db", "", { program: { kind: "unmanaged" } });
  const managed = home.script("api", STAY);
  const handovers = [handover(managed), handover(unmanaged, { binary: null, env: null })];
  runtime.configure(handovers);
  for (const how of ["start", "restart"] as const) {
    const error = assertThrows(() => runtime.start(handovers, how), HaleError);
    assertEquals(error.code, "not_managed");
  }
  // All or nothing.
  assertEquals(runtime.service("api").status.state, "stopped");
  assertEquals(runtime.start(handovers, "up"), { api: "started", db: "watched" });
  assertEquals(runtime.service("db").status.state, "unmanaged");
});

unixTest(
  "SupervisedService passes its name, the launch id and the environment to the program",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const script =
      'echo "$HALE_SERVICE $TOKEN ${HOME-none}"; echo "$HALE_LAUNCH" >id; exec sleep 60';
    const env = { PATH: "/usr/bin:/bin", TOKEN: "sesame" };
    startServices(runtime, [handover(home.script("api", script), { env })]);
    await until(() => home.folder.read("id") !== "");
    assertEquals(home.folder.read("id"), `${home.snapshot("api").launch?.id}\n`);
    const { stdout } = runtime.records.paths("api");
    assertEquals(Deno.readTextFileSync(stdout), "api sesame none\n");
  },
);
