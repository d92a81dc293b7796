import { assert, assertEquals } from "@std/assert";
import type { ServiceStatus } from "../../src/model/service_state.ts";
import { haleTest } from "./hale.ts";
import { script } from "./services.ts";

haleTest(
  "a service and its logs continue when the supervisor is killed, and hale up starts no second one",
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
    // The new supervisor supervises it like the old one.
    Deno.kill(pid!, "SIGKILL");
    const back = await hale.statusOnce("web", (status) => isAnother(status, pid));
    assertEquals(await hale.launchesOf("web"), [back.pid!]);
  },
);

function isAnother(status: ServiceStatus, pid: number | null): boolean {
  return status.state === "running" && status.pid !== null && status.pid !== pid;
}
