import { assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import type { ServiceStatus } from "../../src/model/service_state.ts";
import { until } from "../fixtures/until.ts";
import type { CommandRun } from "./command_run.ts";
import { type Hale, haleTest } from "./hale.ts";
import { SLEEPER } from "./services.ts";

/** Starts the supervisor with a limit of open files. */
async function superviseWith(hale: Hale, files: number): Promise<CommandRun> {
  const run = hale.startInTerminal(`ulimit -n ${files}; exec "$@"`, "supervise");
  await run.said("stderr", (text) => text.includes("supervising "));
  return run;
}

/** Opens connections to the supervisor that send nothing, as every user of the machine can. */
async function connect(hale: Hale, count: number): Promise<Deno.Conn[]> {
  const { hostname, port } = new URL((await hale.supervisor())!.url);
  const to = { hostname, port: Number(port) };
  return await Promise.all(Array.from({ length: count }, () => Deno.connect(to)));
}

haleTest("idle connections of others do not starve the supervisor", async (hale) => {
  await superviseWith(hale, 128);
  await hale.services({
    web: {
      ...SLEEPER,
      health: { exec: ["true"], interval: "100ms", on_unhealthy: "restart", failures: 1 },
    },
  });
  await hale.ok("up");
  const [pid = 0] = await hale.launchesOf("web");
  const idle = await connect(hale, 400);
  try {
    const { supervised, health } = await hale.statusOnce("web", (status) => status.supervised);
    assertEquals([supervised, health], [true, "healthy"]);
    assertEquals(await hale.launchesOf("web"), [pid]);
    Deno.kill(pid, "SIGKILL");
    await hale.statusOnce("web", (status) => status.state === "running" && status.pid !== pid);
  } finally {
    for (const connection of idle) connection.close();
  }
  const { health } = await hale.statusOnce("web", (status) => status.health === "healthy");
  assertEquals(health, "healthy");
});

haleTest(
  "a supervisor without free descriptors says so, and blames no file or service",
  async (hale) => {
    await superviseWith(hale, 64);
    const names = Array.from({ length: 80 }, (_, index) => `s${index}`);
    await hale.services(Object.fromEntries(names.map((name) => [name, SLEEPER])));
    const { code, stderr } = await hale.run("up");
    assertEquals(code, 1, stderr);
    assertStringIncludes(stderr, "raise its limit (ulimit -n)");
    assertFalse(stderr.includes("policy"), stderr);
    // What was begun goes on. Then what runs is known, and nothing else runs.
    const states = async (): Promise<ServiceStatus[]> => await hale.json("status");
    await until(async () => !(await states()).some(({ state }) => state === "starting"), 60_000);
    const known = await states();
    for (const { name, pid } of known) {
      assertEquals([name, await hale.launchesOf(name)], [name, pid === null ? [] : [pid]]);
    }
    await hale.ok("down");
    assertEquals((await Promise.all(names.map((name) => hale.launchesOf(name)))).flat(), []);
  },
);
