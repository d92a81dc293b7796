import {
  assert,
  assertEquals,
  assertGreater,
  assertObjectMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";
import { alive } from "../../fixtures/script_launch.ts";
import {
  actionsOn,
  appendSampleEvent,
  eventsOf,
  handover,
  reached,
  startServices,
  STAY,
  SupervisedHome,
} from "../../fixtures/supervised_home.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

/** Prints `ready` after a moment and stays up. */
const SLOW = `sleep 0.15; echo ready; ${STAY}`;
const READY = healthSpec({ kind: "log", pattern: "^ready$" });

/** Every state change as `SERVICE STATE`, in order. */
async function stateChanges(runtime: Parameters<typeof eventsOf>[0]): Promise<readonly string[]> {
  return (await eventsOf(runtime)).flatMap((event) =>
    event.type === "state_changed" ? [`${event.service} ${event.to}`] : []
  );
}

unixTest("SupervisedRuntime.start() launches once for twenty concurrent requests", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const api = handover(home.script("api", STAY));
  const requests = Array.from({ length: 20 }, async () => {
    await Promise.resolve();
    return startServices(runtime, [api]).api;
  });
  const outcomes = await Promise.all(requests);
  assertEquals(outcomes.filter((outcome) => outcome === "started").length, 1);
  assertEquals(outcomes.filter((outcome) => outcome === "already_running").length, 19);
  await reached(runtime.service("api"), "running");
  await until(() => home.runs("api").length > 0);
  assertEquals((await alive(home.runs("api"))).length, 1);
  assertEquals(home.transcript("api").filter(({ type }) => type === "launched").length, 1);
});

unixTest(
  "SupervisedRuntime.start() waits until the dependencies of a service are healthy",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const web = handover(home.script("web", STAY, { depends_on: ["api"] }));
    const api = handover(home.script("api", SLOW, { depends_on: ["engine"], health: READY }));
    const engine = handover(home.script("engine", SLOW, { health: READY }));
    const outcomes = startServices(runtime, [web, api, engine]);
    assertEquals(outcomes, { engine: "started", api: "started", web: "started" });
    await reached(runtime.service("web"), "running");
    const changes = await stateChanges(runtime);
    assertEquals(changes.slice(3), ["engine running", "api running", "web running"]);
    const launchedAt = (name: string) =>
      Date.parse(home.transcript(name).find(({ type }) => type === "launched")!.at);
    assert(launchedAt("engine") < launchedAt("api") && launchedAt("api") < launchedAt("web"));
  },
);

unixTest(
  "SupervisedRuntime.configure() emits an event for a new and for a changed configuration",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const [api, web] = ["api", "web"].map((name) => handover(home.script(name, STAY)));
    runtime.configure([api!, web!]);
    runtime.configure([api!, web!]);
    runtime.configure([api!, { ...web!, config_digest: "digest-2" }]);
    runtime.configure([]);
    const applied = (await eventsOf(runtime)).flatMap((event) =>
      event.type === "config_applied" ? [event.services] : []
    );
    assertEquals(applied, [["api", "web"], ["web"]]);
  },
);

unixTest("SupervisedRuntime.start() waits for unmanaged dependencies", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const health = healthSpec({ kind: "tcp", host: "127.0.0.1", port }, { interval_ms: 20 });
  const db = handover(home.script("db", "", { program: { kind: "unmanaged" }, health }), {
    binary: null,
    env: null,
  });
  const api = handover(home.script("api", STAY, { depends_on: ["db"] }));
  startServices(runtime, [api, db]);
  await until(() => runtime.service("db").status.health === "unhealthy");
  assertEquals(runtime.service("api").status.state, "starting");
  using _later = Deno.listen({ hostname: "127.0.0.1", port });
  await reached(runtime.service("api"), "running");
});

unixTest(
  "SupervisedRuntime.start() does not launch a service whose dependency has failed",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const engine = handover(home.script("engine", "exit 1", {
      restart: { policy: "never" },
      ready_after_ms: 60_000,
    }));
    const api = handover(home.script("api", STAY, { depends_on: ["engine", "idle"] }));
    const idle = handover(home.script("idle", STAY));
    startServices(runtime, [api, engine, idle]);
    await reached(runtime.service("api"), "crashed");
    const { reason } = runtime.service("api").status;
    assertEquals(reason?.code, "dependency_failed");
    assertEquals(reason?.fields, { service: "api", dependency: "engine" });
    assertEquals(
      reason?.message,
      "api was not started: it depends on engine, which failed. engine exited with code 1.",
    );
    assertEquals(home.runs("api"), []);

    await runtime.stop(["idle"]);
    const needsIdle = handover(home.script("other", STAY, { depends_on: ["idle"] }));
    startServices(runtime, [needsIdle]);
    await reached(runtime.service("other"), "crashed");
    assertStringIncludes(runtime.service("other").status.reason!.message, "which is stopped");
  },
);

unixTest("SupervisedRuntime.start() treats a finished job as ready", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const job = handover(home.script("job", "exit 0", { restart: { policy: "never" } }));
  startServices(runtime, [job]);
  await until(() => runtime.service("job").status.exit_code === 0);
  startServices(runtime, [handover(home.script("api", STAY, { depends_on: ["job"] }))]);
  await reached(runtime.service("api"), "running");
});

unixTest("SupervisedRuntime.stop() stops dependents before their dependencies", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const slowToStop = 'trap "sleep 0.1; exit" TERM; echo ready; while :; do sleep 0.02; done';
  const spec = (name: string, depends_on: readonly string[]) =>
    handover(home.script(name, slowToStop, { depends_on, health: READY }));
  startServices(runtime, [
    spec("engine", []),
    spec("api", ["engine"]),
    spec("web", ["api", "engine"]),
  ]);
  await reached(runtime.service("web"), "running");
  const before = (await stateChanges(runtime)).length;
  const stopped = await runtime.stop(["engine", "api", "web"]);
  assertEquals([...stopped].sort(), ["api", "engine", "web"]);
  assertEquals((await stateChanges(runtime)).slice(before), [
    "web stopping",
    "web stopped",
    "api stopping",
    "api stopped",
    "engine stopping",
    "engine stopped",
  ]);
});

unixTest(
  "SupervisedRuntime.start() restarts a service and its dependencies together",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    // The dependent exits first. Its dependency is then stopping, stopped and starting.
    const slowToStop = `trap "sleep 0.2; exit" TERM; echo ready; while :; do sleep 0.02; done`;
    const engine = handover(
      home.script("engine", slowToStop, { health: READY, restart: { pause_ms: 50 } }),
    );
    const api = handover(home.script("api", STAY, { depends_on: ["engine"] }));
    startServices(runtime, [engine, api]);
    // Running is not enough: a restart would end it before it has said that it runs.
    await until(() => home.runs("api").length === 1);
    const outcomes = startServices(runtime, [engine, api], "restart");
    assertEquals(outcomes, { engine: "restarted", api: "restarted" });
    await until(() => home.runs("api").length === 2);
    await reached(runtime.service("api"), "running");
    assertEquals(runtime.service("engine").status.health, "healthy");
  },
);

unixTest("SupervisedRuntime throws for an unknown service", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  startServices(runtime, [handover(home.script("api", STAY))]);
  await reached(runtime.service("api"), "running");
  const error = assertThrows(() => runtime.service("apy"), HaleError);
  assertEquals(error.code, "unknown_service");
  await assertRejects(() => runtime.stop(["api", "apy"]), HaleError, "apy");
  // All or nothing.
  assertEquals(runtime.service("api").status.state, "running");
});

unixTest(
  "SupervisedRuntime.watch() yields every event after a cursor once",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    startServices(runtime, [handover(home.script("api", STAY))]);
    await reached(runtime.service("api"), "running");
    const cursor = runtime.records.lastEventId();
    const ended = new AbortController();
    const seen: number[] = [];
    const watching = (async () => {
      for await (const { id } of runtime.watch(cursor, ended.signal)) seen.push(id);
    })();
    await runtime.stop(["api"]);
    // More events than one read returns.
    for (let count = 0; count < 700; count++) appendSampleEvent(runtime);
    const last = runtime.records.lastEventId();
    await until(() => seen.at(-1) === last);
    ended.abort();
    await watching;
    assertEquals(seen, Array.from({ length: last - cursor }, (_, index) => cursor + 1 + index));
  },
);

unixTest("SupervisedRuntime.watch() delays nothing when its reader is slow", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const ended = new AbortController();
  const slow = runtime.watch(0, ended.signal);
  assertEquals((await slow.next()).value?.id, 1);
  startServices(runtime, [handover(home.script("api", STAY))]);
  await reached(runtime.service("api"), "running");
  await runtime.stop(["api"]);
  assertEquals((await slow.next()).value?.id, 2);
  ended.abort();
  for (let next = await slow.next(); !next.done; next = await slow.next());
});

unixTest("SupervisedRuntime stays responsive while fifty services die at once", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const names = Array.from({ length: 50 }, (_, index) => `s${index}`);
  const restart = { max: 2, delay_ms: 5 };
  startServices(runtime, names.map((name) => handover(home.script(name, "exit 1", { restart }))));
  // What a client sees meanwhile: a blocked event loop answers only before and after.
  const seen = new Set<string>();
  await until(() => {
    const status = runtime.status();
    seen.add(status.map(({ state, restarts }) => `${state} ${restarts}`).join());
    return status.every(({ state }) => state === "crashed");
  }, 30_000);
  assertGreater(seen.size, 10);
  for (const { restarts, reason } of runtime.status()) {
    assertEquals({ restarts, code: reason?.code }, { restarts: 2, code: "restarts_exhausted" });
  }
});

unixTest(
  "SupervisedRuntime keeps the version of a running service when only a variable asks for another one",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const spec = (version: string) => home.script("engine", STAY, { version });
    startServices(runtime, [handover(spec("1.0"), { version: "1.0", config_digest: "digest" })]);
    const engine = runtime.service("engine");
    await reached(engine, "running");
    const { pid } = engine.status;

    const wanted = handover(spec("2.0"), { version: "2.0", config_digest: "digest@2.0" });
    const kept = startServices(runtime, [{ ...wanted, binary: null, version: null, env: null }]);
    assertEquals(kept, { engine: "already_running" });
    assertObjectMatch(engine.status, {
      pid,
      version: "1.0",
      wanted_version: "1.0",
      config_changed: false,
    });

    assertEquals(startServices(runtime, [{ ...wanted, replace: true }], "start"), {
      engine: "restarted",
    });
    await until(() => engine.status.state === "running" && engine.status.pid !== pid);
    assertObjectMatch(engine.status, { version: "2.0", wanted_version: "2.0" });
    assertEquals(engine.launchedDigest, "digest@2.0");
  },
);

unixTest("SupervisedRuntime.remove() removes stopped services, all or none", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const db = handover(home.script("db", STAY));
  const web = handover(home.script("web", STAY, { depends_on: ["db"] }));
  const old = handover(home.script("old", STAY));
  startServices(runtime, [db, web, old]);
  for (const name of ["db", "web", "old"]) await reached(runtime.service(name), "running");
  await runtime.stop(["old"]);
  const refused = async (names: readonly string[], running: string) => {
    const error = await assertRejects(() => runtime.remove(names), HaleError);
    assertEquals([error.code, error.fields.running], ["already_running", running]);
  };
  await refused(["old", "web"], "web");
  await runtime.stop(["web", "db"]);
  startServices(runtime, [db, web]);
  await reached(runtime.service("web"), "running");
  assertEquals(await runtime.remove(["old", "old"], null), { old: null });
  const names = () => runtime.services.map(({ name }) => name);
  assertEquals(names(), ["db", "web"]);
  assertEquals(actionsOn(home, "old").at(-1), "remove");
  const events = await eventsOf(runtime);
  assertEquals(events.flatMap(({ type, service }) => type === "service_removed" ? [service] : []), [
    "old",
  ]);
  const unknown = await assertRejects(() => runtime.remove(["old"]), HaleError);
  assertEquals(unknown.code, "unknown_service");
  await runtime.stop(["web", "db"]);
  await runtime.remove(["web", "db"]);
  assertEquals(names(), []);
});

unixTest("SupervisedRuntime.remove() refuses what a running service depends on", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const job = handover(home.script("job", "exit 0", { restart: { policy: "never" } }));
  const web = handover(
    home.script("web", STAY, { depends_on: [{ service: "job", condition: "completed" }] }),
  );
  startServices(runtime, [job, web]);
  await reached(runtime.service("web"), "running");
  const error = await assertRejects(() => runtime.remove(["job"]), HaleError);
  assertEquals([error.code, error.fields.running], ["already_running", "web"]);
  assertStringIncludes(error.message, "job cannot be removed: web is running (pid ");
  assertStringIncludes(
    error.message,
    ") and depends on it. Stop web first with `hale stop web`.",
  );
  await runtime.stop(["web"]);
  assertEquals(await runtime.remove(["job"]), { job: null });
});
