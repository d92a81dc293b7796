import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { freePorts } from "../../scripts/demo/free_ports.ts";
import { serveMirror } from "../../scripts/demo/mirror.ts";
import { Hale, haleTest } from "./hale.ts";

/** The engine uses the port of its endpoint, and those 1 and 10 above it. */
const ENGINE_PORTS = [0, 1, 10];

interface ExplainedStep {
  readonly step: string;
  readonly outcome: string;
}

haleTest("the real engine is fetched, started, restarted, reused and stopped", async (hale) => {
  const requests: string[] = [];
  await using mirror = await serveMirror({ onRequest: (path) => requests.push(path) });
  const [port] = freePorts(ENGINE_PORTS);
  const endpoint = `http://127.0.0.1:${port}`;
  const preset = { preset: "rivet-engine", version: mirror.version, endpoint };
  hale.env.RIVETKIT_ENGINE_RELEASES_ENDPOINT = mirror.endpoint;
  hale.env.RIVETKIT_STORAGE_PATH = join(hale.folder, "storage");
  await hale.services({ engine: preset });

  // Nothing is cached yet. Reporting this downloads nothing.
  const resolved = await hale.run("resolve", "engine");
  assertEquals([resolved.code, resolved.stdout, requests], [5, "", []]);
  assertStringIncludes(resolved.stderr, "hale fetch");
  assertStringIncludes(resolved.stderr, `${mirror.endpoint}${mirror.path}`);
  const explained = await hale.run("resolve", "engine", "--explain");
  assertMatch(explained.stdout, /^cache +passed /m);
  assertEquals(requests, []);

  const up = await hale.ok("up");
  assertStringIncludes(up.stderr, `downloading ${mirror.path.split("/").at(-1)}`);
  assertMatch(up.stderr, /^engine \| running {2}pid \d+, healthy$/m);
  const first = await hale.status("engine");
  assertEquals([first.state, first.health, first.version], ["running", "healthy", mirror.version]);
  assertEquals(requests.length, 2);
  const { steps } = await hale.json("resolve", "engine");
  assertEquals(steps.map(({ step, outcome }: ExplainedStep) => [step, outcome]), [
    ["explicit", "passed"],
    ["environment", "passed"],
    ["running", "passed"],
    ["local_build", "passed"],
    ["cache", "taken"],
  ]);
  assert(Deno.statSync(join(hale.folder, "storage", ".rivetkit")).isDirectory);

  Deno.kill(first.pid!, "SIGKILL");
  const back = await hale.statusOnce(
    "engine",
    ({ pid, health }) => pid !== null && pid !== first.pid && health === "healthy",
  );
  assertEquals([await hale.launchesOf("engine"), requests.length], [[back.pid!], 2]);

  // Another home reuses the engine at the endpoint, and does not stop it.
  const other = await Hale.create();
  try {
    await other.services({ engine: { ...preset, version: "2.0.0" } });
    const reused = await other.ok("up");
    assertStringIncludes(
      reused.stderr,
      `engine | using the instance that already runs at ${endpoint}, version ${mirror.version}\n`,
    );
    assertStringIncludes(
      reused.stderr,
      `warning: engine at ${endpoint} is version ${mirror.version}, but 2.0.0`,
    );
    const status = await other.status("engine");
    assertEquals([status.state, status.health, status.pid], ["unmanaged", "healthy", null]);
    assertEquals((await other.run("status", "--check")).code, 0);
    const running = await other.ok("resolve", "engine");
    assertEquals(running.stdout, `engine already runs at ${endpoint}\n`);
    await other.ok("down");
    assertEquals([other.filesIn("cache"), await hale.launchesOf("engine")], [[], [back.pid!]]);
  } finally {
    await other.end();
  }

  const down = await hale.ok("down");
  assertEquals(down.stderr, "engine stopped\n");
  assertEquals(await hale.processesOf("engine"), []);
  // A cached engine starts without a network.
  await mirror.stop();
  await hale.ok("up");
  assertEquals((await hale.status("engine")).health, "healthy");
});
