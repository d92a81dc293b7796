import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { HealthCheck } from "../../../src/model/health_spec.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";
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

/** Passes while a file exists in the service's folder. */
function whileThere(name: string): HealthCheck {
  return { kind: "exec", command: ["/bin/sh", "-c", `test -e ${name}`] };
}

function startCheck(name: string, within_ms = 10_000) {
  return { check: whileThere(name), within_ms, timeout_ms: 1_000 };
}

function liveness(check: HealthCheck) {
  return { ...healthSpec(check), interval_ms: 20, failures: 2 };
}

unixTest(
  "SupervisedService is running after its start check and healthy after its health check",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const health = healthSpec(whileThere("ready"), { start: startCheck("started") });
    startServices(runtime, [handover(home.script("api", STAY, { health }))]);
    const service = runtime.service("api");
    home.folder.write("ready", "");
    await until(() => home.runs("api").length === 1);
    // Health does not decide whether the launch succeeds.
    assertEquals([service.status.state, service.status.health], ["starting", "starting"]);
    Deno.removeSync(home.folder.join("ready"));
    home.folder.write("started", "");
    await reached(service, "running");
    assertEquals(service.status.health, "starting");
    home.folder.write("ready", "");
    await until(() => service.status.health === "healthy");
    const healthy = home.transcript("api").filter((record) => record.type === "healthy");
    assertEquals(healthy.length, 1);
  },
);

unixTest("SupervisedService has failed when its start check does not pass in time", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  home.folder.write("ready", "");
  const health = healthSpec(whileThere("ready"), { start: startCheck("started", 300) });
  startServices(runtime, [handover(home.script("api", STAY, { health }))]);
  const service = runtime.service("api");
  await reached(service, "crashed");
  assertStringIncludes(
    service.status.reason!.message,
    "api did not pass its start check within 300ms",
  );
  assertEquals(await alive(home.runs("api")), []);
});

unixTest(
  "SupervisedService stays running and is unhealthy when it is not ready in time after its start",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    home.folder.write("started", "");
    const health = healthSpec(whileThere("ready"), {
      start: startCheck("started"),
      within_ms: 200,
      interval_ms: 20,
    });
    startServices(runtime, [handover(home.script("api", STAY, { health }))]);
    const service = runtime.service("api");
    await until(() => service.status.health === "unhealthy");
    assertEquals([service.status.state, home.runs("api").length], ["running", 1]);
    home.folder.write("ready", "");
    await until(() => service.status.health === "healthy");
    const changes = (await eventsOf(runtime)).flatMap((event) =>
      event.type === "health_changed" ? [`${event.from} ${event.to}`] : []
    );
    assertEquals(changes, ["starting unhealthy", "unhealthy healthy"]);
  },
);

unixTest(
  "SupervisedService restarts a launch whose liveness check fails, and reports why",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    home.folder.write("alive", "");
    home.folder.write("ready", "");
    const health = healthSpec(whileThere("ready"), { liveness: liveness(whileThere("alive")) });
    const restart = { delay_ms: 5 };
    startServices(runtime, [handover(home.script("api", STAY, { health, restart }))]);
    const service = runtime.service("api");
    await reached(service, "running");
    // Readiness alone restarts nothing.
    Deno.removeSync(home.folder.join("alive"));
    await until(() => home.runs("api").length === 2);
    home.folder.write("alive", "");
    await reached(service, "running");
    const reasons = (await eventsOf(runtime)).flatMap((event) =>
      event.type === "state_changed" && event.to === "backoff" ? [event.reason?.message ?? ""] : []
    );
    assertStringIncludes(
      reasons[0]!,
      "api does not work any more (2 consecutive liveness checks failed, last: ",
    );
  },
);

unixTest("SupervisedService is not restarted for checks that cannot be run", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const check = home.folder.join("check");
  Deno.writeTextFileSync(check, "#!/bin/sh\nexit 0\n", { mode: 0o755 });
  const exec = { kind: "exec", command: [check] } as const;
  const health = healthSpec(exec, {
    interval_ms: 20,
    failures: 2,
    on_unhealthy: "restart",
    liveness: liveness(exec),
  });
  startServices(runtime, [handover(home.script("api", STAY, { health }))]);
  const service = runtime.service("api");
  await reached(service, "running");
  Deno.removeSync(check);
  await until(() => service.status.health === "unhealthy");
  assertEquals(service.status.state, "running");
  // The check can be run again, and fails: this one counts.
  Deno.writeTextFileSync(`${check}.new`, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  Deno.renameSync(`${check}.new`, check);
  await until(() => home.runs("api").length === 2);
});

unixTest("Supervisor goes on with the phase of an adopted launch", async () => {
  await using home = new SupervisedHome();
  const first = await home.open();
  home.folder.write("started", "");
  home.folder.write("alive", "");
  const health = healthSpec(whileThere("ready"), {
    start: startCheck("started"),
    interval_ms: 20,
    liveness: liveness(whileThere("alive")),
  });
  const restart = { delay_ms: 5 };
  startServices(first.runtime, [handover(home.script("api", STAY, { health, restart }))]);
  await reached(first.runtime.service("api"), "running");
  await first.supervisor.close();
  const { runtime } = await home.open();
  const service = runtime.service("api");
  assertEquals([service.status.state, service.status.health], ["running", "starting"]);
  home.folder.write("ready", "");
  await until(() => service.status.health === "healthy");
  assertEquals(home.runs("api").length, 1);
  Deno.removeSync(home.folder.join("alive"));
  await until(() => home.runs("api").length === 2);
  assert((await statesOf(runtime, "api")).includes("backoff"));
});
