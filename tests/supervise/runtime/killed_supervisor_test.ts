import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { healthSpec } from "../../fixtures/health_spec.ts";
import type { ServiceSpec } from "../../../src/model/service_spec.ts";
import { alive } from "../../fixtures/script_launch.ts";
import { eventsOf, reached, STAY, SupervisedHome } from "../../fixtures/supervised_home.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";
import { type Moment, PROGRAM } from "./killed_supervisor.ts";

const CONFIG = fromFileUrl(import.meta.resolve("../../../deno.json"));

/** Runs a supervisor that starts a service and is killed at the given moment. */
async function killedAt(moment: Moment, home: SupervisedHome, spec: ServiceSpec): Promise<void> {
  const { signal, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "-q", "--config", CONFIG, PROGRAM, home.path, moment]
      .concat(JSON.stringify(spec)),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  assertEquals([signal, new TextDecoder().decode(stderr)], ["SIGKILL", ""]);
}

/**
 * Asserts that one process of the service is running, that the status has its pid, and that no
 * event is missing.
 */
async function assertRecovered(home: SupervisedHome, runtime: Parameters<typeof eventsOf>[0]) {
  const service = runtime.service("api");
  await reached(service, "running");
  await until(() => home.runs("api").at(-1) === service.status.pid);
  assertEquals(await alive(home.runs("api")), [service.status.pid!]);
  const ids = (await eventsOf(runtime)).map(({ id }) => id);
  assertEquals(ids, ids.map((_, index) => index + 1));
  assertEquals(home.problems, []);
}

for (const moment of ["intent", "spawn"] as const) {
  unixTest(`Supervisor killed at ${moment}: the next one launches the service once`, async () => {
    await using home = new SupervisedHome();
    await killedAt(moment, home, home.script("api", STAY, { restart: { delay_ms: 5 } }));
    assertEquals(home.snapshot("api").launch?.identity, null);
    const { runtime } = await home.open();
    await assertRecovered(home, runtime);
    assertEquals(home.runs("api").length, 1);
  });
}

for (const moment of ["pid_file", "starting", "running"] as const) {
  unixTest(`Supervisor killed at ${moment}: the next one adopts the launch`, async () => {
    await using home = new SupervisedHome();
    const health = moment === "starting"
      ? healthSpec({ kind: "exec", command: ["/bin/sh", "-c", "test -e well"] }, {
        within_ms: 60_000,
      })
      : null;
    await killedAt(moment, home, home.script("api", STAY, { health }));
    await until(() => home.runs("api").length === 1);
    const { runtime } = await home.open();
    assertEquals(runtime.service("api").status.pid, home.runs("api")[0]);
    home.folder.write("well", "");
    await assertRecovered(home, runtime);
    assertEquals(home.runs("api").length, 1);
    assertEquals(home.transcript("api").at(-1)?.type, health === null ? "adopted" : "healthy");
    assertEquals(runtime.service("api").status.restarts, 0);
  });
}

unixTest(
  "Supervisor killed at pid_file_removed: the next one has a record of the launch and of its exit",
  async () => {
    await using home = new SupervisedHome();
    const restart = { delay_ms: 60_000, max_delay_ms: 60_000 };
    const spec = home.script("api", "echo $$ >>api.runs; exit 3", { restart });
    await killedAt("pid_file", home, spec);
    await until(async () =>
      home.runs("api").length === 1 && (await alive(home.runs("api"))).length === 0
    );
    // It finds the exited launch, and is killed while it records that.
    await killedAt("pid_file_removed", home, spec);
    const { runtime } = await home.open();
    await reached(runtime.service("api"), "backoff");
    const acts = home.transcript("api").flatMap((entry) =>
      entry.type === "launched" ? [`${entry.pid}`] : entry.type === "exited" ? ["exited"] : []
    );
    assertEquals(acts, [`${home.runs("api")[0]}`, "exited"]);
  },
);

unixTest("Supervisor killed at stopping: the next one completes the stop", async () => {
  await using home = new SupervisedHome();
  const script = `trap "" TERM; echo $$ >>api.runs; while :; do sleep 0.02; done`;
  const spec = home.script("api", script, { stop: { timeout_ms: 400 } });
  await killedAt("stopping", home, spec);
  const [pid] = home.runs("api");
  assertEquals(await alive([pid!]), [pid!]);
  const resumedAt = performance.now();
  const { runtime } = await home.open();
  await reached(runtime.service("api"), "stopped");
  assertGreaterOrEqual(performance.now() - resumedAt, 395);
  assertEquals({ alive: await alive([pid!]), runCount: home.runs("api").length }, {
    alive: [],
    runCount: 1,
  });
});

unixTest(
  "Supervisor killed at backoff: the next one restarts the service and counts the restart",
  async () => {
    await using home = new SupervisedHome();
    const script = `[ -e well ] || exit 1; ${STAY}`;
    const restart = { delay_ms: 60_000, max_delay_ms: 60_000 };
    await killedAt("backoff", home, home.script("api", script, { restart }));
    home.folder.write("well", "");
    home.rewrite("api", () => ({ next_restart_at: new Date().toISOString() }));
    const { runtime } = await home.open();
    await assertRecovered(home, runtime);
    assertEquals(runtime.service("api").status.restarts, 1);
  },
);
