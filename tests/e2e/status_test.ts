import { assertEquals, assertMatch } from "@std/assert";
import { freePorts } from "../../scripts/demo/free_ports.ts";
import { haleTest } from "./hale.ts";
import { httpServer, SLEEPER } from "./services.ts";

/** What DESIGN promises to programs; there may be more. */
const KEYS = [
  "name",
  "state",
  "health",
  "pid",
  "uptime_seconds",
  "restarts",
  "exit_code",
  "signal",
  "endpoint",
  "version",
  "binary",
  "config_changed",
];

haleTest("hale status --json has every promised key, before a start and after", async (hale) => {
  const [port] = freePorts([0]) as [number];
  const endpoint = `http://127.0.0.1:${port}`;
  await hale.services({
    web: { ...httpServer(port), endpoint, health: { http: `${endpoint}/` } },
  });
  const [before] = await hale.json("status");
  assertEquals(KEYS.filter((key) => !(key in before)), []);
  assertEquals([before.state, before.health, before.pid], ["stopped", "unknown", null]);
  assertEquals(hale.filesIn(), []);

  await hale.ok("up");
  const [after] = await hale.json("status");
  assertEquals(KEYS.filter((key) => !(key in after)), []);
  assertEquals([after.state, after.health, after.endpoint, after.binary, after.restarts], [
    "running",
    "healthy",
    endpoint,
    Deno.execPath(),
    0,
  ]);
  assertEquals([after.pid], await hale.launchesOf("web"));
});

haleTest("hale status --check tells by its exit status how services are", async (hale) => {
  const [port] = freePorts([0]) as [number];
  const health = { http: `http://127.0.0.1:${port}/`, interval: "50ms", failures: 1 };
  const web = { ...httpServer(port), health: { ...health, expect: { status: "ok" } } };
  await hale.services({ web, other: SLEEPER });
  const check = async (...args: string[]) => (await hale.run("status", "--check", ...args)).code;
  assertEquals([await check(), (await hale.run("status")).code], [3, 0]);
  await hale.ok("up", "web");
  assertEquals([await check(), await check("web"), await check("other")], [3, 0, 3]);

  // It stops answering without ending.
  const { pid } = await hale.status("web");
  Deno.kill(pid!, "SIGSTOP");
  try {
    await hale.statusOnce("web", (status) => status.health === "unhealthy");
    assertEquals(await check("web"), 4);
  } finally {
    Deno.kill(pid!, "SIGCONT");
  }
  await hale.statusOnce("web", (status) => status.health === "healthy");
  assertEquals(await check("web"), 0);
});

haleTest("hale status --check counts what is only watched", async (hale) => {
  const [port] = freePorts([0]) as [number];
  const health = { tcp: `127.0.0.1:${port}`, interval: "50ms", failures: 1 };
  await hale.services({ db: { health } });
  const check = async () => (await hale.run("status", "--check")).code;
  assertEquals(await check(), 3);
  {
    using _listener = Deno.listen({ hostname: "127.0.0.1", port });
    await hale.ok("up");
    assertEquals(await check(), 0);
  }
  await hale.statusOnce("db", (status) => status.health === "unhealthy");
  assertEquals(await check(), 4);
});

haleTest("hale status --watch shows every change until it is interrupted", async (hale) => {
  await hale.services({ web: SLEEPER });
  const watch = hale.start(["status", "--watch", "--json"]);
  await watch.said("stdout", (text) => text.includes("\n"));
  await hale.ok("up");
  await watch.said("stdout", (text) => text.includes('"state":"running"'));
  watch.signal("SIGINT");
  const { code, stdout } = await watch.result;
  assertEquals(code, 130);
  const looks = stdout.trimEnd().split("\n").map((line) => JSON.parse(line)[0].state);
  assertEquals([looks[0], looks.at(-1)], ["stopped", "running"]);
});

haleTest("hale status tells the truth when the supervisor was killed", async (hale) => {
  const [port, dead] = freePorts([0, 1]) as [number, number];
  const served = (at: number) => ({
    ...httpServer(at),
    health: { http: `http://127.0.0.1:${at}/`, interval: "1h" },
  });
  await hale.services({ web: served(port), api: served(dead), job: SLEEPER });
  await hale.ok("up");
  const [web, api, job] = await hale.json("status");
  await hale.killSupervisor();
  Deno.kill(api.pid, "SIGSTOP");
  Deno.kill(job.pid, "SIGKILL");
  try {
    const [webNow, apiNow, jobNow] = await hale.json("status");
    assertEquals([webNow.state, webNow.health, webNow.pid], ["running", "healthy", web.pid]);
    assertEquals([apiNow.state, apiNow.health, apiNow.pid], ["running", "unhealthy", api.pid]);
    assertEquals([jobNow.state, jobNow.health, jobNow.pid], ["crashed", "unknown", null]);
    assertMatch(
      jobNow.reason.message,
      /^job ended while no supervisor was there .*`hale start job`/,
    );
  } finally {
    Deno.kill(api.pid, "SIGCONT");
  }
  // Nobody was started to look.
  assertEquals(await hale.isRunning((await hale.supervisor())!.pid), false);
});
