import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { isThere } from "../../src/files/is_there.ts";
import { until } from "../fixtures/until.ts";
import { type Hale, haleTest } from "./hale.ts";
import { SLEEPER } from "./services.ts";

/** Starts a service and returns its pid and that of the supervisor. */
async function startOne(hale: Hale): Promise<{ service: number; supervisor: number }> {
  await hale.services({ web: SLEEPER });
  await hale.ok("up");
  const [service = 0] = await hale.launchesOf("web");
  return { service, supervisor: (await hale.supervisor())!.pid };
}

/** Waits until a supervisor has let go of its home. */
async function letGo(hale: Hale, supervisor: number): Promise<void> {
  await until(async () => !await hale.isRunning(supervisor), 60_000);
}

function logOf(home: string): string {
  return Deno.readTextFileSync(join(home, "supervisor", "log"));
}

for (const file of ["lock", "endpoint.json"]) {
  haleTest(`a supervisor lets go when supervisor/${file} is removed`, async (hale) => {
    const { service, supervisor } = await startOne(hale);
    const path = join(hale.home, "supervisor", file);
    await Deno.remove(path);
    await letGo(hale, supervisor);
    assertEquals(await hale.launchesOf("web"), [service]);
    assertStringIncludes(logOf(hale.home), `${path} was removed while the supervisor`);
    assertMatch(
      logOf(hale.home),
      new RegExp(
        `Running: web \\(pid ${service}\\)\\. The next command starts a supervisor, which adopts them\\.`,
      ),
    );
    await hale.ok("up");
    assertEquals(await hale.launchesOf("web"), [service]);
    assert((await hale.supervisor())!.pid !== supervisor);
  });

  haleTest(`a supervisor lets go when supervisor/${file} is replaced`, async (hale) => {
    const { service, supervisor } = await startOne(hale);
    const path = join(hale.home, "supervisor", file);
    await Deno.copyFile(path, `${path}.copy`);
    await Deno.rename(`${path}.copy`, path);
    await letGo(hale, supervisor);
    assertStringIncludes(logOf(hale.home), `${path} was replaced while the supervisor`);
    await hale.ok("up");
    assertEquals(await hale.launchesOf("web"), [service]);
  });
}

haleTest(
  "a home without lock and endpoint file gets one supervisor, and services live on",
  async (hale) => {
    const { service, supervisor } = await startOne(hale);
    for (const file of ["lock", "endpoint.json"]) {
      await Deno.remove(join(hale.home, "supervisor", file));
    }
    // Not even for a moment do two of them act: the command does not wait for the first one to exit.
    await hale.ok("restart", "web");
    await letGo(hale, supervisor);
    assert(!(await hale.launchesOf("web")).includes(service));
    assertEquals((await hale.launchesOf("web")).length, 1);
    assertEquals((await hale.run("doctor")).code, 0);
    await hale.ok("audit", "--verify");
  },
);

haleTest("a supervisor lets go of a home that is removed", async (hale) => {
  const { service, supervisor } = await startOne(hale);
  // Again if the supervisor has just written a file there.
  await until(async () => {
    await Deno.remove(hale.home, { recursive: true }).catch(() => {});
    return !isThere(hale.home);
  });
  await letGo(hale, supervisor);
  assertEquals(await hale.launchesOf("web"), [service]);
  // It restarts nothing and writes nothing.
  Deno.kill(service, "SIGKILL");
  await until(async () => (await hale.processesOf("web")).length === 0);
  await hale.ok("up");
  assertEquals((await hale.launchesOf("web")).length, 1);
  assert((await hale.supervisor())!.pid !== supervisor);
});

haleTest("a supervisor lets go of a home that is moved away and replaced", async (hale) => {
  const { service, supervisor } = await startOne(hale);
  const moved = `${hale.home}-moved`;
  await Deno.rename(hale.home, moved);
  await Deno.mkdir(join(hale.home, "supervisor"), { recursive: true, mode: 0o700 });
  await letGo(hale, supervisor);
  const said = `Running: web (pid ${service}). No supervisor knows them any more`;
  assertStringIncludes(logOf(moved), said);
  assertStringIncludes(logOf(hale.home), said);
  assertEquals(hale.filesIn("runtimes"), []);
  // The home that was moved has the records: a supervisor there adopts the service and stops it.
  await hale.runAt({ env: { HALE_HOME: moved } }, "down");
  assertEquals(await hale.launchesOf("web"), []);
  const { pid } = JSON.parse(await Deno.readTextFile(join(moved, "supervisor", "endpoint.json")));
  Deno.kill(pid, "SIGTERM");
  await letGo(hale, pid);
});
