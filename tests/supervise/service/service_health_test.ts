import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertObjectMatch,
  assertStringIncludes,
} from "@std/assert";
import { engineCheck, healthSpec } from "../../fixtures/health_spec.ts";
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
import { linuxTest, unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

/** Healthy while the file `well` exists in the service's folder. */
const WELL = { kind: "exec", command: ["/bin/sh", "-c", "test -e well"] } as const;

/** An HTTP server in this process that answers every request with a body. */
function serve(body: unknown): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    return Response.json(body);
  });
}

unixTest("SupervisedService enters running once it is healthy", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  startServices(runtime, [handover(home.script("api", STAY, { health: healthSpec(WELL) }))]);
  const service = runtime.service("api");
  await until(() => home.runs("api").length === 1);
  assertObjectMatch(service.status, { state: "starting", health: "starting" });
  home.folder.write("well", "");
  await reached(service, "running");
  assertEquals(service.status.health, "healthy");
  const entry = home.transcript("api").find((record) => record.type === "healthy");
  assertEquals(entry?.type === "healthy" && entry.launch, home.snapshot("api").launch?.id);
});

unixTest(
  "SupervisedService stops a launch that never becomes healthy, and reports its stderr",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const script = `echo "cannot reach db" >&2; ${STAY}`;
    const health = healthSpec(WELL, { within_ms: 400 });
    startServices(runtime, [handover(home.script("api", script, { health }))]);
    const service = runtime.service("api");
    await reached(service, "crashed");
    assertEquals(service.status.reason?.code, "health_check_failed");
    assertStringIncludes(service.status.reason!.message, "api was not healthy within 400ms");
    assertEquals(service.status.reason?.fields?.stderr, ["cannot reach db"]);
    assertEquals(await alive(home.runs("api")), []);
    assertEquals(await statesOf(runtime, "api"), ["starting", "stopping", "crashed"]);
    assertEquals(service.status.restarts, 0);
  },
);

unixTest("SupervisedService retries when a restart does not become healthy", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  home.folder.write("well", "");
  const spec = home.script("api", STAY, {
    health: healthSpec(WELL, { within_ms: 1_000 }),
    restart: { max: 2, delay_ms: 5 },
  });
  startServices(runtime, [handover(spec)]);
  const service = runtime.service("api");
  await reached(service, "running");
  Deno.removeSync(home.folder.join("well"));
  Deno.kill(service.status.pid!, "SIGKILL");
  await reached(service, "crashed");
  assertEquals(service.status.reason?.code, "restarts_exhausted");
  assertStringIncludes(service.status.reason!.message, "not healthy");
  assertEquals(home.runs("api").length, 3);
  assertEquals(await alive(home.runs("api")), []);
});

unixTest(
  "SupervisedService emits an event when it becomes unhealthy, and healthy again",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    home.folder.write("well", "");
    const health = healthSpec(WELL, { interval_ms: 20, failures: 2 });
    startServices(runtime, [handover(home.script("api", STAY, { health }))]);
    const service = runtime.service("api");
    await reached(service, "running");
    Deno.removeSync(home.folder.join("well"));
    await until(() => service.status.health === "unhealthy");
    home.folder.write("well", "");
    await until(() => service.status.health === "healthy");
    assertEquals({ state: service.status.state, runCount: home.runs("api").length }, {
      state: "running",
      runCount: 1,
    });
    const changes = (await eventsOf(runtime)).flatMap((event) =>
      event.type === "health_changed" ? [[event.from, event.to, event.detail]] : []
    );
    assertEquals(changes, [
      ["healthy", "unknown", "/bin/sh exited with code 1 (failed check 1 of 2)"],
      ["unknown", "unhealthy", "/bin/sh exited with code 1"],
      ["unhealthy", "healthy", null],
    ]);
  },
);

unixTest("SupervisedService restarts an unhealthy launch with on_unhealthy = restart", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  home.folder.write("well", "");
  const health = healthSpec(WELL, { interval_ms: 20, failures: 2, on_unhealthy: "restart" });
  const restart = { delay_ms: 5 };
  startServices(runtime, [handover(home.script("api", STAY, { health, restart }))]);
  const service = runtime.service("api");
  await reached(service, "running");
  Deno.removeSync(home.folder.join("well"));
  await until(() => home.runs("api").length === 2);
  home.folder.write("well", "");
  await reached(service, "running");
  assertEquals(service.status.restarts, 1);
  assertEquals((await alive(home.runs("api"))).length, 1);
});

unixTest(
  "SupervisedService does not launch when another program has its port, and names it",
  async () => {
    await using home = new SupervisedHome();
    await using other = serve({ runtime: "postgrest" });
    const { runtime } = await home.open();
    const endpoint = `http://127.0.0.1:${other.addr.port}`;
    const health = healthSpec(engineCheck(`${endpoint}/health`));
    startServices(runtime, [handover(home.script("engine", STAY, { endpoint, health }))]);
    const service = runtime.service("engine");
    await reached(service, "crashed");
    assertEquals(service.status.reason?.code, "port_occupied");
    assertStringIncludes(service.status.reason!.message, `Port ${other.addr.port} on 127.0.0.1`);
    assertStringIncludes(service.status.reason!.message, '"postgrest"');
    if (Deno.build.os === "linux") {
      assertStringIncludes(service.status.reason!.message, `(deno, pid ${Deno.pid}`);
    }
    assertEquals({ runCount: home.runs("engine").length, launch: home.snapshot("engine").launch }, {
      runCount: 0,
      launch: null,
    });
  },
);

linuxTest(
  "SupervisedService is not ready when the owner of its port is older than its launch",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = free.addr as Deno.NetAddr;
    free.close();
    // The first launch fails; the second never listens.
    const script = `test -e once && { ${STAY}; }; echo >once; exit 1`;
    const health = healthSpec({ kind: "tcp", host: "127.0.0.1", port });
    startServices(runtime, [handover(home.script("api", script, { health }))]);
    await until(() => home.folder.read("once") !== "");
    using _old = Deno.listen({ hostname: "127.0.0.1", port });
    const service = runtime.service("api");
    await reached(service, "crashed");
    assertEquals(service.status.reason?.code, "port_occupied");
    assertStringIncludes(service.status.reason!.message, `(deno, pid ${Deno.pid}`);
    assertEquals(await alive(home.runs("api")), []);
    assertEquals(await statesOf(runtime, "api"), [
      "starting",
      "backoff",
      "starting",
      "stopping",
      "crashed",
    ]);
  },
);

unixTest(
  "SupervisedService stops its launch when another program answers on its endpoint",
  async () => {
    await using home = new SupervisedHome();
    await using other = serve({ runtime: "postgrest" });
    // The other program took the port between the preflight check and the launch.
    const { runtime } = await home.open({ effects: { portTaken: () => Promise.resolve(null) } });
    const endpoint = `http://127.0.0.1:${other.addr.port}`;
    const health = healthSpec(engineCheck(`${endpoint}/health`));
    const restart = { policy: "always" } as const;
    startServices(runtime, [handover(home.script("engine", STAY, { endpoint, health, restart }))]);
    const service = runtime.service("engine");
    await reached(service, "crashed");
    assertEquals(service.status.reason?.code, "port_occupied");
    assertMatch(service.status.reason!.message, /returned runtime = "postgrest"/);
    assertEquals(await alive(home.runs("engine")), []);
    assertEquals(service.status.restarts, 0);
  },
);

unixTest(
  "SupervisedService treats an exit as a failure although an old instance answers",
  async () => {
    await using home = new SupervisedHome();
    await using old = serve({ runtime: "engine", status: "ok" });
    const { runtime } = await home.open({ effects: { portTaken: () => Promise.resolve(null) } });
    const endpoint = `http://127.0.0.1:${old.addr.port}`;
    const spec = home.script("engine", "echo 'address in use' >&2; exit 1", {
      endpoint,
      health: healthSpec(engineCheck(`${endpoint}/health`)),
      restart: { max: 2, delay_ms: 5 },
    });
    startServices(runtime, [handover(spec)]);
    const service = runtime.service("engine");
    await reached(service, "crashed");
    assertEquals(service.status.reason?.code, "restarts_exhausted");
    assertEquals(service.status.reason?.fields?.stderr, ["address in use"]);
    assertObjectMatch(service.status, { health: "unknown", pid: null });
  },
);

unixTest(
  "SupervisedService ignores health checks that orphans of an exited leader pass",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    // The leader exits at once. A member of its group ignores the signal and passes the check.
    const script = `sh -c 'trap "" TERM; echo on; sleep 1; touch well; sleep 60' & exit 0`;
    const health = healthSpec(WELL, { within_ms: 60_000 });
    startServices(runtime, [
      handover(home.script("api", script, { health, stop: { timeout_ms: 200 } })),
    ]);
    const service = runtime.service("api");
    const startedAt = performance.now();
    await reached(service, "crashed");
    assertLess(performance.now() - startedAt, 9_000);
    assertEquals(await statesOf(runtime, "api"), ["starting", "crashed"]);
    assertEquals(service.status.reason?.code, "daemonized");
    assert(service.status.exit_code === 0);
  },
);

unixTest(
  "SupervisedService.watchUnmanaged() monitors an unmanaged service without a process",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const health = healthSpec({
      ...WELL,
      command: ["/usr/bin/test", "-e", home.folder.join("well")],
    }, {
      interval_ms: 20,
      failures: 1,
    });
    const db = home.script("db", "", { program: { kind: "unmanaged" }, health });
    home.folder.write("well", "");
    startServices(runtime, [handover(db, { binary: null, env: null })]);
    const service = runtime.service("db");
    assertEquals(service.status.state, "unmanaged");
    await until(() => service.status.health === "healthy");
    Deno.removeSync(home.folder.join("well"));
    await until(() => service.status.health === "unhealthy");
    assertEquals(service.needsSupervisor, true);
    assertEquals(await runtime.stop(["db"]), []);
    assertObjectMatch(service.status, { state: "unmanaged", health: "unknown" });
    assertEquals(service.needsSupervisor, false);
  },
);

unixTest(
  "SupervisedService.watchUnmanaged() monitors an external engine without launching",
  async () => {
    await using home = new SupervisedHome();
    await using engineServer = serve({ runtime: "engine", status: "ok" });
    const { runtime } = await home.open();
    const endpoint = `http://127.0.0.1:${engineServer.addr.port}`;
    const health = healthSpec(engineCheck(`${endpoint}/health`), { interval_ms: 20 });
    const engine = home.script("engine", STAY, { endpoint, health });
    const external = handover(engine, { external: true, binary: null, env: null });
    assertEquals(startServices(runtime, [external]), { engine: "watched" });
    const service = runtime.service("engine");
    await until(() => service.status.health === "healthy");
    assertObjectMatch(service.status, { state: "unmanaged", pid: null });
    await engineServer.shutdown();
    await until(() => service.status.health === "unhealthy");
    // Now hale may start it.
    home.folder.write("well", "");
    const own = home.script("engine", STAY, { health: healthSpec(WELL) });
    startServices(runtime, [handover(own, { config_digest: "digest-2" })], "start");
    await reached(service, "running");
    await until(() => home.runs("engine").length === 1);
  },
);
