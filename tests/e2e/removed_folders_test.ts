import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname } from "@std/path";
import { until } from "../fixtures/until.ts";
import { haleTest } from "./hale.ts";
import { script } from "./services.ts";

haleTest(
  "the next launch makes folders of a service that were removed, and doctor names them",
  async (hale) => {
    await hale.services({ web: script("echo up; exec sleep 60") });
    await hale.ok("up");
    const logs = dirname(hale.filesIn().find((path) => path.endsWith("/stdout.log"))!);
    const launches = `${dirname(logs)}/launches`;
    for (const folder of [logs, launches]) await Deno.remove(folder, { recursive: true });
    const doctor = await hale.run("doctor");
    assertEquals(doctor.code, 1);
    for (const folder of [logs, launches]) {
      assertStringIncludes(doctor.stdout, `${folder}\n          The folder was removed.`);
    }
    assertStringIncludes(doctor.stdout, "Run `hale restart web`.");
    const [pid = 0] = await hale.launchesOf("web");
    Deno.kill(pid, "SIGKILL");
    await hale.statusOnce("web", (status) => status.state === "running" && status.pid !== pid);
    await until(async () => /up/.test(await hale.output("web")));
    assertMatch((await hale.ok("doctor")).stdout, /Every running service writes to its logs/);
  },
);
