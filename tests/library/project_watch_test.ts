import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openProject } from "../../src/mod.ts";
import type { ServiceStatus } from "../../src/model/service_state.ts";
import { haleTest } from "../e2e/hale.ts";

const DIES_ONCE = "if [ -f m ]; then exec sleep 60; else touch m; sleep 2; exit 4; fi";

haleTest(
  "Project.watch() ends with what is true when a supervisor was killed and replaced",
  async (hale) => {
    await hale.services({
      web: { command: "sh", args: ["-c", DIES_ONCE], restart: { delay: "0s" } },
    });
    await hale.ok("up");
    const project = await openProject({ home: hale.home, config: join(hale.folder, "hale.toml") });
    const ended = new AbortController();
    const timeout = setTimeout(() => ended.abort(), 30_000);
    const seen: ServiceStatus[] = [];
    let step: "supervised" | "killed" | "replaced" = "supervised";
    for await (const status of project.watch("web", { signal: ended.signal })) {
      seen.push(status);
      if (step === "supervised") {
        await hale.killSupervisor();
        step = "killed";
      } else if (step === "killed" && status.state === "crashed") {
        assertEquals([status.supervised, status.reason?.code], [false, "service_exited"]);
        // Any command starts the next supervisor.
        await hale.ok("status");
        step = "replaced";
      } else if (step === "replaced" && status.state === "running" && status.supervised) {
        ended.abort();
      }
    }
    clearTimeout(timeout);
    const last = seen.at(-1)!;
    assertEquals([step, last.state, last.supervised, last.restarts], [
      "replaced",
      "running",
      true,
      1,
    ]);
    assertEquals((await hale.launchesOf("web")).at(0), last.pid);
  },
);
