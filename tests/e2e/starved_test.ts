import { assertEquals } from "@std/assert";
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
