import { assertEquals, assertObjectMatch } from "@std/assert";
import { healthSpec } from "../../fixtures/health_spec.ts";
import {
  handover,
  reached,
  startServices,
  STAY,
  SupervisedHome,
} from "../../fixtures/supervised_home.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

/** Says by which signal it was stopped. */
const SCRIPT = 'trap "echo INT >>ended; exit" INT; trap "echo TERM >>ended; exit" TERM; ' +
  'echo "$$" >>api.runs; while :; do sleep 0.02; done';

/** A service whose health check looks for a file with the name of its version. */
function apiOf(home: SupervisedHome, version: "old" | "new") {
  const check = { kind: "exec", command: ["/usr/bin/test", "-e", version] } as const;
  return home.script("api", SCRIPT, {
    endpoint: `http://${version}.test`,
    health: healthSpec(check, { interval_ms: 20, failures: 1 }),
    stop: { signal: version === "old" ? "SIGINT" : "SIGTERM" },
  });
}

unixTest(
  "SupervisedService keeps endpoint, health check and stop signal of its launch until the next one",
  async () => {
    await using home = new SupervisedHome();
    home.folder.write("old", "");
    const first = await home.open();
    startServices(first.runtime, [handover(apiOf(home, "old"))]);
    await reached(first.runtime.service("api"), "running");
    await home.identified("api");
    const newer = handover(apiOf(home, "new"), { config_digest: "digest-2" });
    first.runtime.configure([newer]);
    // A second change must not replace what is kept of the launch.
    first.runtime.configure([{ ...newer, config_digest: "digest-3" }]);
    const isOfLaunch = {
      state: "running",
      health: "healthy",
      endpoint: "http://old.test",
      config_changed: true,
    } as const;
    assertObjectMatch(first.runtime.service("api").status, isOfLaunch);
    await first.supervisor.close();

    const { runtime } = await home.open();
    const service = runtime.service("api");
    await until(() => service.status.health !== "unknown");
    assertObjectMatch(service.status, isOfLaunch);
    startServices(runtime, [{ ...newer, config_digest: "digest-3" }], "restart");
    await until(() => home.runs("api").length === 2);
    home.folder.write("new", "");
    await reached(service, "running");
    assertEquals(home.folder.read("ended"), "INT\n");
    assertObjectMatch(service.status, { endpoint: "http://new.test", config_changed: false });
    await runtime.stop(["api"]);
    assertEquals(home.folder.read("ended"), "INT\nTERM\n");
  },
);

unixTest("SupervisedService forgets a newer configuration that was taken back", async () => {
  await using home = new SupervisedHome();
  home.folder.write("old", "");
  const { runtime } = await home.open();
  const older = handover(apiOf(home, "old"));
  startServices(runtime, [older]);
  const service = runtime.service("api");
  await reached(service, "running");
  runtime.configure([handover(apiOf(home, "new"), { config_digest: "digest-2" })]);
  runtime.configure([older]);
  assertEquals(service.snapshot.launched_spec, null);
  assertObjectMatch(service.status, { endpoint: "http://old.test", config_changed: false });
});

unixTest(
  "SupervisedRuntime starts and stops services that depend on each other through an older configuration",
  async () => {
    await using home = new SupervisedHome();
    const { supervisor, runtime } = await home.open();
    const started = { restart: { policy: "never" } } as const;
    const on = (service: string) => ({ depends_on: [{ service, condition: "started" }] } as const);
    // The first configuration has both services, the next one only `b`.
    const first = [
      handover(home.script("b", STAY, started)),
      handover(home.script("a", STAY, { ...started, ...on("b") })),
    ];
    startServices(runtime, first);
    for (const name of ["a", "b"]) await reached(runtime.service(name), "running");
    const next = handover(home.script("b", STAY, { ...started, ...on("a") }), {
      config_digest: "digest-2",
    });
    startServices(runtime, [next]);
    await reached(runtime.service("b"), "running");
    assertEquals([...await runtime.stop(["a", "b"])].sort(), ["a", "b"]);
    await supervisor.close();
    const { runtime: again } = await home.open();
    assertEquals(again.status().map(({ state }) => state), ["stopped", "stopped"]);
  },
);
