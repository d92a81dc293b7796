import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { until } from "../fixtures/until.ts";
import { haleTest } from "./hale.ts";
import { SLEEPER } from "./services.ts";

haleTest("hale supervise ends by itself when it has nothing to look after", async (hale) => {
  const supervise = hale.start(["supervise", "--idle-timeout", "300ms"]);
  await supervise.said("stderr", (text) => text.includes("supervising "));
  assertEquals((await hale.supervisor())!.pid, supervise.pid);
  const { code, stdout, stderr } = await supervise.result;
  assertEquals([code, stdout, await hale.supervisor()], [0, "", null]);
  assertStringIncludes(stderr, "ended; services run on\n");
});

haleTest("hale supervise stays for as long as a service runs", async (hale) => {
  await hale.services({ web: SLEEPER });
  const supervise = hale.start(["supervise", "--idle-timeout", "1s"]);
  await supervise.said("stderr", (text) => text.includes("supervising "));
  await hale.ok("up");
  await hale.statusOnce("web", ({ uptime_seconds }) => uptime_seconds! >= 2);
  assertEquals((await hale.supervisor())!.pid, supervise.pid);
  await hale.ok("down");
  assertEquals((await supervise.result).code, 0);
  // The next command starts another in the background, and it is one of its own.
  await hale.ok("up");
  assert((await hale.supervisor())!.pid !== supervise.pid);
});

haleTest("hale supervise refuses a home that has a supervisor", async (hale) => {
  await hale.services({ web: SLEEPER });
  await hale.ok("up");
  const { code, stdout } = await hale.run("supervise", "--json");
  const { error } = JSON.parse(stdout);
  assertEquals([code, error.code, error.fields.home], [1, "store_locked", hale.home]);
  assertStringIncludes(error.message, "name another home with --home DIR");
  assertEquals((await hale.status("web")).state, "running");
});

haleTest("hale up starts no supervisor when it says it is one itself", async (hale) => {
  await hale.services({ web: SLEEPER });
  const place = { env: { HALE_SUPERVISOR: "1" } };
  const { code, stdout } = await hale.runAt(place, "up", "--json");
  const { error } = JSON.parse(stdout);
  assertEquals([code, error.code], [1, "supervisor_unavailable"]);
  assertStringIncludes(error.message, "Unset HALE_SUPERVISOR");
  assertEquals([await hale.supervisor(), await hale.processesOf("web")], [null, []]);
  // One that is there is used, and the service is told nothing of it.
  await hale.ok("up");
  await hale.services({ web: { command: "sh", args: ["-c", "env; exec sleep 60"] } });
  assertEquals((await hale.runAt(place, "up")).code, 0);
  assertEquals((await hale.output("web")).includes("HALE_SUPERVISOR"), false);
});

haleTest("hale up shows the last words of a supervisor that does not start", async (hale) => {
  await hale.services({ web: SLEEPER });
  // It cannot lock a folder.
  await Deno.mkdir(join(hale.home, "supervisor", "lock"), { recursive: true });
  const { code, stderr } = await hale.run("up");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "The supervisor did not start. The last lines of its log, ");
  assertStringIncludes(stderr, join(hale.home, "supervisor", "lock"));
});

haleTest("hale names the home when it cannot be used", async (hale) => {
  await hale.services({ web: SLEEPER });
  await Deno.writeTextFile(hale.home, "a file");
  for (const command of ["up", "status", "down"]) {
    const { code, stderr } = await hale.run(command);
    assertEquals(code, 1);
    assertStringIncludes(stderr, `The home ${hale.home} cannot be used: `);
    assertStringIncludes(stderr, "with --home DIR or HALE_HOME");
  }
  await Deno.remove(hale.home);
});

haleTest("a supervisor whose home was removed leaves the next one alone", async (hale) => {
  const first = hale.start(["supervise", "--idle-timeout", "1h"]);
  await first.said("stderr", (text) => text.includes("supervising "));
  await Deno.remove(hale.home, { recursive: true });
  await hale.services({ web: SLEEPER });
  await hale.ok("up");
  const second = (await hale.supervisor())!;
  const events = await hale.events();
  first.signal("SIGTERM");
  assertEquals((await first.result).code, 0);
  assertEquals([await hale.supervisor(), await hale.events()], [second, events]);
  assertEquals((await hale.ok("up")).stderr, "web | already running\n");
});

haleTest("a home is for its owner alone, and so is what is in it", async (hale) => {
  await hale.services({ web: { ...SLEEPER, env: { SECRET: "sesame" } } });
  await hale.ok("up");
  assertEquals((await Deno.stat(hale.home)).mode! & 0o777, 0o700);
  await until(async () => await hale.supervisor() !== null);
  for (const path of hale.filesIn("supervisor").filter((path) => path.endsWith("endpoint.json"))) {
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  }
});
