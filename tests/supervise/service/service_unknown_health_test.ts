import { assertEquals, assertMatch, assertObjectMatch } from "@std/assert";
import { healthSpec } from "../../fixtures/health_spec.ts";
import {
  eventsOf,
  handover,
  reached,
  startServices,
  STAY,
  SupervisedHome,
} from "../../fixtures/supervised_home.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

/** Healthy while the file `well` exists in the service's folder. */
const WELL = { kind: "exec", command: ["/bin/sh", "-c", "test -e well"] } as const;

unixTest(
  "SupervisedService has unknown health while too few checks have failed, and dependents wait",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    home.folder.write("well", "");
    const command = ["/bin/sh", "-c", "echo >>checks; test -e well"];
    const health = healthSpec({ kind: "exec", command }, {
      interval_ms: 20,
      failures: 1_000_000,
      on_unhealthy: "restart",
    });
    const db = handover(home.script("db", STAY, { health }));
    startServices(runtime, [db]);
    const service = runtime.service("db");
    await reached(service, "running");
    Deno.removeSync(home.folder.join("well"));
    await until(() => service.status.health_detail?.endsWith("(failed check 3 of 1000000)"));
    assertObjectMatch(service.status, { state: "running", health: "unknown", restarts: 0 });
    const api = handover(home.script("api", STAY, { depends_on: ["db"] }));
    startServices(runtime, [db, api], "start");
    await until(() => runtime.service("api").status.waiting_for === "db to be healthy");
    const checks = () => home.folder.read("checks").length;
    const before = checks();
    await until(() => checks() > before + 3);
    assertEquals(runtime.service("api").status.pid, null);
    home.folder.write("well", "");
    await reached(runtime.service("api"), "running");
    assertObjectMatch(service.status, { health: "healthy", health_detail: null, restarts: 0 });
    // One for each change, although there were many more failed checks.
    const changes = (await eventsOf(runtime)).flatMap((event) =>
      event.type === "health_changed" ? [`${event.from} ${event.to}`] : []
    );
    assertEquals(changes, ["healthy unknown", "unknown healthy"]);
  },
);

unixTest("SupervisedService has unknown health when a check is overdue", async () => {
  await using home = new SupervisedHome();
  let suspendedMs = 0;
  const { runtime } = await home.open({
    effects: { now: () => performance.now() + suspendedMs },
  });
  home.folder.write("well", "");
  const health = healthSpec(WELL, { interval_ms: 50, timeout_ms: 500 });
  startServices(runtime, [handover(home.script("api", STAY, { health }))]);
  const service = runtime.service("api");
  await reached(service, "running");
  assertEquals(service.status.health, "healthy");
  suspendedMs = 3_600_000;
  const { health: read, health_detail: detail } = service.status;
  assertEquals(read, "unknown");
  assertMatch(
    detail ?? "",
    /^the last check that passed was 1h.* ago, and the next one is overdue$/,
  );
  // The next check that passes is an event for those who wait.
  await until(() => service.status.health === "healthy");
  const changes = (await eventsOf(runtime)).flatMap((event) =>
    event.type === "health_changed" ? [`${event.from} ${event.to}`] : []
  );
  assertEquals(changes, ["healthy unknown", "unknown healthy"]);
});
