import { assert, assertEquals, assertMatch } from "@std/assert";
import { freePorts } from "../../scripts/demo/free_ports.ts";
import type { ServiceStatus } from "../../src/model/service_state.ts";
import { until } from "../fixtures/until.ts";
import { haleTest } from "./hale.ts";
import { httpServer, script, SLEEPER } from "./services.ts";

haleTest("a killed service is back under a new pid", async (hale) => {
  const [port] = freePorts([0]) as [number];
  await hale.services({
    web: { ...httpServer(port), health: { http: `http://127.0.0.1:${port}/` } },
  });
  await hale.ok("up");
  const before = await hale.status("web");
  Deno.kill(before.pid!, "SIGKILL");
  const after = await hale.statusOnce(
    "web",
    ({ pid, health }) => pid !== null && pid !== before.pid && health === "healthy",
  );
  assertEquals([after.restarts, after.state], [1, "running"]);
  assertEquals(await hale.launchesOf("web"), [after.pid!]);
  assertMatch((await hale.ok("history", "web")).stdout, /ended: SIGKILL after .*\n.*restarted/);
  // A start by a person counts anew.
  await hale.ok("restart", "web");
  assertEquals((await hale.status("web")).restarts, 0);
});

haleTest("a service that is stopped does not come back", async (hale) => {
  await hale.services({ web: { ...SLEEPER, restart: { policy: "always", delay: "2s" } } });
  await hale.ok("up");
  Deno.kill((await hale.status("web")).pid!, "SIGKILL");
  await hale.statusOnce("web", ({ state }) => state === "backoff");
  assertEquals((await hale.ok("stop", "web")).stderr, "web stopped\n");
  const { state, next_restart_at } = await hale.status("web");
  assertEquals([state, next_restart_at, await hale.processesOf("web")], ["stopped", null, []]);
});

haleTest(
  "a killed supervisor harms nothing, and hale up starts no second service",
  async (hale) => {
    await hale.services({ web: script("while :; do echo on; sleep 0.02; done") });
    await hale.ok("up");
    const { pid } = await hale.status("web");
    const logs = hale.start(["logs", "web", "-f", "-n", "0"]);
    await logs.said("stdout", (text) => text !== "");
    await hale.killSupervisor();
    const written = logs.stdout.length;
    await logs.said("stdout", (text) => text.length > written + 20);

    assertEquals((await hale.ok("up")).stderr, "web | already running\n");
    assertEquals(await hale.launchesOf("web"), [pid!]);
    const supervisor = (await hale.supervisor())!;
    assert(await hale.isRunning(supervisor.pid));
    // The new one looks after it as the old one did.
    Deno.kill(pid!, "SIGKILL");
    const back = await hale.statusOnce("web", (status) => isAnother(status, pid));
    assertEquals(await hale.launchesOf("web"), [back.pid!]);
  },
);

haleTest("hale stop works when the supervisor was killed", async (hale) => {
  await hale.services({ web: SLEEPER, api: SLEEPER });
  await hale.ok("up");
  await hale.killSupervisor();
  assertEquals((await hale.ok("stop", "web")).stderr, "web stopped\n");
  assertEquals(await hale.processesOf("web"), []);
  assertEquals((await hale.launchesOf("api")).length, 1);
});

haleTest("hale down keeps what has ended meanwhile from coming back", async (hale) => {
  await hale.services({ web: SLEEPER, api: SLEEPER });
  await hale.ok("up", "web");
  const { pid } = await hale.status("web");
  await hale.killSupervisor();
  Deno.kill(pid!, "SIGKILL");
  await until(async () => !await hale.isRunning(pid!));
  await hale.ok("down");
  // The next supervisor would restart what is wanted and gone.
  await hale.ok("up", "api");
  assertEquals([(await hale.status("web")).state, await hale.processesOf("web")], ["stopped", []]);
});

haleTest("hale up goes on when the supervisor is killed while it waits", async (hale) => {
  await hale.services({
    web: script("exec sleep 60"),
    slow: { ...SLEEPER, health: { exec: ["test", "-e", "ready"] } },
  });
  const up = hale.start(["up"]);
  await up.said("stderr", (text) => text.includes("slow | starting"));
  const { pid } = await hale.statusOnce("web", ({ state }) => state === "running");
  await hale.killSupervisor();
  // Somebody has to take over before it is ready: the command itself does.
  const killed = (await hale.supervisor())!.pid;
  await until(async () => (await hale.supervisor())?.pid !== killed, 20_000);
  await hale.write("ready", "");
  assertEquals((await up.result).code, 0);
  assertEquals(await hale.launchesOf("web"), [pid!]);
  assertEquals((await hale.launchesOf("slow")).length, 1);
});

function isAnother(status: ServiceStatus, pid: number | null): boolean {
  return status.state === "running" && status.pid !== null && status.pid !== pid;
}
