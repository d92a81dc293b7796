import {
  assertEquals,
  assertGreaterOrEqual,
  assertLess,
  assertMatch,
  assertObjectMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { alive } from "../../fixtures/script_launch.ts";
import {
  eventsOf,
  handover,
  reached,
  startServices,
  statesOf,
  STAY,
  SupervisedHome,
} from "../../fixtures/supervised_home.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

unixTest("SupervisedService.start() launches the program once, and stop() stops it", async () => {
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
  assertObjectMatch(service.status, {
    state: "stopped",
    desired: "stopped",
    signal: "SIGTERM",
    pid: null,
  });
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
    assertEquals({ exit_code, restarts, desired, next_restart_at }, {
      exit_code: 3,
      restarts: 2,
      desired: "running",
      next_restart_at: null,
    });
    assertEquals(home.folder.read("runs"), "x\nx\nx\n");

    assertEquals(startServices(runtime, [handover(spec)], "start"), { api: "started" });
    assertObjectMatch(service.status, { restarts: 0, reason: null });
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
  assertObjectMatch(service.status, { next_restart_at: null, restarts: 0 });
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
  assertEquals(service.hasLaunch, false);
  assertEquals(home.snapshot("nowhere").launch, null);

  startServices(runtime, [handover(home.script("unresolved", ""), { binary: null })]);
  await reached(runtime.service("unresolved"), "crashed");
  const { reason } = runtime.service("unresolved").status;
  assertEquals([reason?.code, reason?.message], [
    "binary_not_found",
    "unresolved has no executable yet. Run `hale up unresolved`.",
  ]);
});

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
    assertObjectMatch(service.status, { config_changed: true, pid: first });
    assertEquals(runtime.start([changed], "start"), { api: "already_running" });
    assertEquals(runtime.start([changed], "up"), { api: "restarted" });
    await until(() => home.runs("api").length === 2);
    await reached(service, "running");
    assertEquals(service.status.config_changed, false);
    assertEquals(service.spec.args, changed.spec.args);
  },
);

unixTest("SupervisedService.configure() applies new log limits to the active launch", async () => {
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
  assertEquals(service.spec.logs, logs);
  assertEquals(service.status.pid, pid);
  await until(() => home.snapshot("api").spec.logs.keep === 2);
});

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
