import {
  assert,
  assertEquals,
  assertLess,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";
import { alive } from "../../fixtures/script_launch.ts";
import {
  eventsOf,
  handover,
  reached,
  startServices,
  STAY,
  SupervisedHome,
  tellSomething,
} from "../../fixtures/supervised_home.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

/** Says `ready` after a moment, and waits for that to be seen. */
const SLOW = `sleep 0.15; echo ready; ${STAY}`;
const READY = healthSpec({ kind: "log", pattern: "^ready$" });

/** Each service and state, in the order in which they were reached. */
async function story(runtime: Parameters<typeof eventsOf>[0]): Promise<readonly string[]> {
  return (await eventsOf(runtime)).flatMap((event) =>
    event.type === "state_changed" ? [`${event.service} ${event.to}`] : []
  );
}

unixTest("SupervisedRuntime.start() launches once when twenty ask at once", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const api = handover(home.script("api", STAY));
  const asked = Array.from({ length: 20 }, async () => {
    await Promise.resolve();
    return startServices(runtime, [api]).api;
  });
  const outcomes = await Promise.all(asked);
  assertEquals(outcomes.filter((outcome) => outcome === "started").length, 1);
  assertEquals(outcomes.filter((outcome) => outcome === "already_running").length, 19);
  await reached(runtime.service("api"), "running");
  await until(() => home.runs("api").length > 0);
  assertEquals((await alive(home.runs("api"))).length, 1);
  assertEquals(home.transcript("api").filter(({ type }) => type === "launched").length, 1);
});

unixTest(
  "SupervisedRuntime.start() waits for what a service depends on to be healthy",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const web = handover(home.script("web", STAY, { depends_on: ["api"] }));
    const api = handover(home.script("api", SLOW, { depends_on: ["engine"], health: READY }));
    const engine = handover(home.script("engine", SLOW, { health: READY }));
    const outcomes = startServices(runtime, [web, api, engine]);
    assertEquals(outcomes, { engine: "started", api: "started", web: "started" });
    await reached(runtime.service("web"), "running");
    const told = await story(runtime);
    assertEquals(told.slice(3), ["engine running", "api running", "web running"]);
    const launchedAt = (name: string) =>
      Date.parse(home.transcript(name).find(({ type }) => type === "launched")!.at);
    assert(launchedAt("engine") < launchedAt("api") && launchedAt("api") < launchedAt("web"));
  },
);

unixTest(
  "SupervisedRuntime.configure() tells of a configuration once, and of its change",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const [api, web] = ["api", "web"].map((name) => handover(home.script(name, STAY)));
    runtime.configure([api!, web!]);
    runtime.configure([api!, web!]);
    runtime.configure([api!, { ...web!, config_digest: "digest-2" }]);
    runtime.configure([]);
    const told = (await eventsOf(runtime)).flatMap((event) =>
      event.type === "config_applied" ? [event.services] : []
    );
    assertEquals(told, [["api", "web"], ["web"]]);
  },
);

unixTest("SupervisedRuntime.start() waits for what others run, too", async () => {
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

unixTest("SupervisedRuntime.start() launches nothing whose dependency has failed", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const engine = handover(home.script("engine", "exit 1", { restart: { policy: "never" } }));
  const api = handover(home.script("api", STAY, { depends_on: ["engine", "idle"] }));
  const idle = handover(home.script("idle", STAY));
  // Without a health check it is up until its end is seen, which takes a moment.
  const slow = { ...engine, spec: { ...engine.spec, health: READY } };
  startServices(runtime, [api, slow, idle]);
  await reached(runtime.service("api"), "crashed");
  const { reason } = runtime.service("api").status;
  assertEquals(reason?.code, "dependency_failed");
  assertEquals(reason?.fields, { service: "api", dependency: "engine" });
  assertStringIncludes(reason!.message, "depends on engine, which is crashed");
  assertEquals(home.runs("api"), []);

  await runtime.stop(["idle"]);
  const needsIdle = handover(home.script("other", STAY, { depends_on: ["idle"] }));
  startServices(runtime, [needsIdle]);
  await reached(runtime.service("other"), "crashed");
  assertStringIncludes(runtime.service("other").status.reason!.message, "which is stopped");
});

unixTest("SupervisedRuntime.start() takes a job that is done as one that was up", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const job = handover(home.script("job", "exit 0", { restart: { policy: "never" } }));
  startServices(runtime, [job]);
  await until(() => runtime.service("job").status.exit_code === 0);
  startServices(runtime, [handover(home.script("api", STAY, { depends_on: ["job"] }))]);
  await reached(runtime.service("api"), "running");
});

unixTest("SupervisedRuntime.stop() ends dependents before what they depend on", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const slowToEnd = 'trap "sleep 0.1; exit" TERM; echo ready; while :; do sleep 0.02; done';
  const spec = (name: string, depends_on: readonly string[]) =>
    handover(home.script(name, slowToEnd, { depends_on, health: READY }));
  startServices(runtime, [
    spec("engine", []),
    spec("api", ["engine"]),
    spec("web", ["api", "engine"]),
  ]);
  await reached(runtime.service("web"), "running");
  const before = (await story(runtime)).length;
  const stopped = await runtime.stop(["engine", "api", "web"]);
  assertEquals([...stopped].sort(), ["api", "engine", "web"]);
  assertEquals((await story(runtime)).slice(before), [
    "web stopping",
    "web stopped",
    "api stopping",
    "api stopped",
    "engine stopping",
    "engine stopped",
  ]);
});

unixTest(
  "SupervisedRuntime.start() restarts a service and what it depends on together",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    // The dependent is gone first, and finds its dependency stopping, then stopped, then starting.
    const slowToEnd = `trap "sleep 0.2; exit" TERM; echo ready; while :; do sleep 0.02; done`;
    const engine = handover(
      home.script("engine", slowToEnd, { health: READY, restart: { pause_ms: 50 } }),
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

unixTest("SupervisedRuntime knows only its own services", async () => {
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
  "SupervisedRuntime.watch() tells every event once, from a cursor on, as it comes",
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
    // More than the log is read at a time.
    for (let count = 0; count < 700; count++) tellSomething(runtime);
    const last = runtime.records.lastEventId();
    await until(() => seen.at(-1) === last);
    ended.abort();
    await watching;
    assertEquals(seen, Array.from({ length: last - cursor }, (_, index) => cursor + 1 + index));
  },
);

unixTest("SupervisedRuntime.watch() holds nothing up when its reader is slow", async () => {
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
  let longestMs = 0;
  let lookedAt = performance.now();
  await until(() => {
    // `until` looks every 5 ms: what is above that, somebody else took.
    longestMs = Math.max(longestMs, performance.now() - lookedAt);
    lookedAt = performance.now();
    return runtime.status().every(({ state }) => state === "crashed");
  }, 30_000);
  assertLess(longestMs, 500);
  for (const { restarts, reason } of runtime.status()) {
    assertEquals({ restarts, code: reason?.code }, { restarts: 2, code: "restarts_exhausted" });
  }
});
