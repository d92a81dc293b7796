import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { freePorts } from "../../scripts/demo/free_ports.ts";
import type { StateChanged } from "../../src/model/records.ts";
import { until } from "../fixtures/until.ts";
import { type Hale, haleTest } from "./hale.ts";
import { httpServer, script, SLEEPER } from "./services.ts";

haleTest("hale up starts services once and then says that they run", async (hale) => {
  await hale.services({ web: SLEEPER });
  const first = await hale.ok("up");
  const { pid } = await hale.status("web");
  assertEquals(first.stderr, `web | starting\nweb | running  pid ${pid}\n`);
  assertMatch(
    first.stdout,
    new RegExp(
      "^NAME +STATE +HEALTH +PID +UPTIME +RESTARTS +ENDPOINT +VERSION\n" +
        `web +running +- +${pid} +\\d+s +0 +- +-\n$`,
    ),
  );
  const second = await hale.ok("up");
  assertEquals(second.stderr, "web | already running\n");
  assertEquals(await hale.launchesOf("web"), [pid!]);
});

haleTest("hale up --json prints one array, and -q no messages", async (hale) => {
  await hale.services({ web: SLEEPER, api: SLEEPER });
  const { code, stdout, stderr } = await hale.run("up", "--json", "-q");
  assertEquals([code, stderr], [0, ""]);
  assertEquals(
    JSON.parse(stdout).map(({ name, state }: Record<string, unknown>) => [name, state]),
    [["web", "running"], ["api", "running"]],
  );
});

haleTest("hale up waits for what a service depends on until it is healthy", async (hale) => {
  const [port] = freePorts([0]) as [number];
  await hale.services({
    api: { ...SLEEPER, depends_on: ["db"] },
    db: { ...httpServer(port), health: { http: `http://127.0.0.1:${port}/` } },
  });
  await hale.ok("up", "api");
  assertEquals((await hale.status("db")).health, "healthy");
  const changes = await stateChanges(hale);
  const ready = changes.findIndex(({ service, to }) => service === "db" && to === "running");
  const launched = changes.findIndex(({ service, pid }) => service === "api" && pid !== null);
  assert(ready !== -1 && ready < launched, JSON.stringify(changes));
});

haleTest("hale down stops a service before what it depends on", async (hale) => {
  await hale.services({
    db: SLEEPER,
    api: { ...script("trap 'sleep 0.3; exit 0' TERM; sleep 60 & wait"), depends_on: ["db"] },
  });
  await hale.ok("up");
  const { stderr } = await hale.ok("down");
  assertEquals(stderr, "api stopped\ndb stopped\n");
  const stops = (await stateChanges(hale)).filter(({ to }) =>
    to === "stopping" || to === "stopped"
  );
  assertEquals(stops.map(({ service, to }) => [service, to]), [
    ["api", "stopping"],
    ["api", "stopped"],
    ["db", "stopping"],
    ["db", "stopped"],
  ]);
  assertEquals((await hale.ok("down")).stderr, "nothing was running\n");
});

haleTest("hale up restarts only what has changed, and hale status tells before", async (hale) => {
  await hale.services({ web: SLEEPER, api: SLEEPER });
  await hale.ok("up");
  const [web, api] = [await hale.status("web"), await hale.status("api")];
  await hale.services({ web: SLEEPER, api: { command: "sleep", args: ["61"] } });
  const { stdout } = await hale.ok("status");
  assertStringIncludes(stdout, "api: its configuration has changed since its start");
  assertEquals(stdout.includes("web: "), false);
  assertEquals([
    (await hale.status("web")).config_changed,
    (await hale.status("api")).config_changed,
  ], [
    false,
    true,
  ]);
  assertEquals((await hale.status("api")).pid, api.pid);

  await hale.ok("up");
  assertEquals((await hale.status("web")).pid, web.pid);
  const changed = await hale.status("api");
  assert(changed.pid !== api.pid && !changed.config_changed);
  assertMatch((await hale.processesOf("api")).map(({ command }) => command).join(), /sleep 61$/);
});

haleTest("hale up takes new limits of logs over without a restart", async (hale) => {
  const chatty = script("while :; do echo a line that fills the log; sleep 0.01; done");
  await hale.services({ web: { ...chatty, logs: { max_size: "10MiB", keep: 5 } } });
  await hale.ok("up");
  const { pid } = await hale.status("web");
  await hale.services({ web: { ...chatty, logs: { max_size: "4KiB", keep: 1 } } });
  assertEquals((await hale.status("web")).config_changed, false);
  assertStringIncludes((await hale.ok("up")).stderr, "already running");
  await until(() => hale.filesIn("runtimes").some((path) => path.endsWith("stdout.log.1")), 20_000);
  assertEquals((await hale.status("web")).pid, pid);
});

haleTest("hale up restarts a service whose env_file has changed", async (hale) => {
  await hale.write(".env", "TOKEN=sesame-one\n");
  await hale.services({ web: { ...script("echo $TOKEN; exec sleep 60"), env_file: ".env" } });
  await hale.ok("up");
  const { pid } = await hale.status("web");
  assertStringIncludes((await hale.ok("up")).stderr, "already running");
  await hale.write(".env", "TOKEN=sesame-two\n");
  assertEquals((await hale.status("web")).config_changed, true);
  await hale.ok("up");
  const status = await hale.status("web");
  assert(status.pid !== pid && !status.config_changed);
  await until(async () => await hale.output("web") === "sesame-one\nsesame-two\n");
});

haleTest("hale restart restarts what is named and not what it depends on", async (hale) => {
  await hale.services({ db: SLEEPER, api: { ...SLEEPER, depends_on: ["db"] } });
  await hale.ok("up");
  const [db, api] = [await hale.status("db"), await hale.status("api")];
  const { stderr } = await hale.ok("restart", "api");
  assertStringIncludes(stderr, "api | stopping\n");
  assertEquals((await hale.status("db")).pid, db.pid);
  assert((await hale.status("api")).pid !== api.pid);
  assertEquals((await hale.launchesOf("api")).length, 1);
  // What it depends on comes up again where it does not run.
  await hale.ok("down");
  await hale.ok("restart", "api");
  assertEquals((await hale.status("db")).state, "running");
});

haleTest(
  "hale start and hale stop are quiet successes when there is nothing to do",
  async (hale) => {
    await hale.services({ web: SLEEPER });
    assertEquals((await hale.ok("stop", "web")).stderr, "web was not running\n");
    await hale.ok("start", "web");
    assertEquals((await hale.ok("start", "web")).stderr, "web | already running\n");
    assertEquals((await hale.ok("stop", "web")).stderr, "web stopped\n");
    assertEquals((await hale.ok("stop", "web")).stderr, "web was not running\n");
    assertEquals((await hale.json("stop", "web")).map(({ state }: { state: string }) => state), [
      "stopped",
    ]);
  },
);

haleTest("hale stop kills a service that does not listen when its time is over", async (hale) => {
  const deaf = script("trap '' TERM; while :; do sleep 0.1; done");
  await hale.services({ web: { ...deaf, stop: { timeout: "300ms" } } });
  await hale.ok("up");
  const startedAt = performance.now();
  await hale.ok("stop", "web");
  assert(performance.now() - startedAt >= 300);
  assertEquals([await hale.processesOf("web"), (await hale.status("web")).signal], [[], "SIGKILL"]);
});

haleTest("hale stop says that a stop goes on when it is interrupted", async (hale) => {
  const deaf = script("trap '' TERM; while :; do sleep 0.1; done");
  await hale.services({ web: { ...deaf, stop: { timeout: "1s" } } });
  await hale.ok("up");
  const stop = hale.start(["stop", "web"]);
  await hale.statusOnce("web", ({ state }) => state === "stopping");
  stop.signal("SIGINT");
  const { code, stderr } = await stop.result;
  assertEquals([code, stderr], [130, "Interrupted. The stop goes on; look at `hale status`.\n"]);
  await hale.statusOnce("web", ({ state }) => state === "stopped");
  assertEquals(await hale.processesOf("web"), []);
});

haleTest("hale down in one project leaves the services of another alone", async (hale) => {
  const other = join(hale.folder, "other");
  await Deno.mkdir(other);
  await hale.services({ web: SLEEPER });
  await hale.write("other/hale.toml", '[services.web]\ncommand = "sleep"\nargs = ["60"]\n');
  await hale.ok("up");
  assertEquals((await hale.runAt({ cwd: other }, "up")).code, 0);
  assertEquals((await hale.launchesOf("web")).length, 2);
  const { pid } = await hale.status("web");
  assertEquals((await hale.runAt({ cwd: other }, "down")).stderr, "web stopped\n");
  assertEquals(await hale.launchesOf("web"), [pid!]);
});

haleTest("hale works from any folder below the hale.toml, and with --config", async (hale) => {
  await hale.services({ web: SLEEPER });
  const below = join(hale.folder, "deep", "down");
  await Deno.mkdir(below, { recursive: true });
  assertEquals((await hale.runAt({ cwd: below }, "up")).code, 0);
  const elsewhere = await hale.runAt(
    { cwd: hale.home },
    "status",
    "--config",
    join(hale.folder, "hale.toml"),
  );
  assertMatch(elsewhere.stdout, /^web +running /m);
  assertEquals((await hale.runAt({ cwd: "/" }, "status")).code, 2);
});

haleTest("services outlive the terminal that started them", async (hale) => {
  await hale.services({ web: script("while :; do echo on; sleep 0.05; done") });
  const terminal = hale.startInTerminal('"$@"; sleep 60', "up");
  await terminal.said("stdout", (text) => /^web +running/m.test(text));
  const { pid } = await hale.status("web");
  terminal.signal("SIGHUP");
  await terminal.result;
  const logs = hale.start(["logs", "web", "--follow", "-n", "0"]);
  await logs.said("stdout", (text) => text.includes("on\non\n"));
  assertEquals((await hale.status("web")).pid, pid);
});

haleTest("hale stop ends what was taken out of hale.toml", async (hale) => {
  await hale.services({ old: SLEEPER, web: SLEEPER });
  await hale.ok("up");
  await hale.services({ web: SLEEPER });
  const { stdout, stderr } = await hale.ok("status");
  assertMatch(stdout, /^old +running /m);
  assertStringIncludes(stderr, "old is not in hale.toml any more; `hale stop old` ends it");
  await hale.ok("stop", "old");
  assertEquals((await hale.ok("status")).stdout.includes("old"), false);
  assertEquals((await hale.status("web")).state, "running");
});

haleTest("hale down finds what runs when hale.toml is gone", async (hale) => {
  await hale.services({ web: SLEEPER });
  await hale.ok("up");
  await Deno.remove(join(hale.folder, "hale.toml"));
  const { stderr } = await hale.ok("down");
  assertStringIncludes(stderr, "There is no hale.toml in ");
  assertStringIncludes(stderr, "web stopped\n");
  assertEquals(await hale.processesOf("web"), []);
});

haleTest("hale up says what goes on when it is interrupted", async (hale) => {
  const [port] = freePorts([0]);
  await hale.services({ web: { ...SLEEPER, health: { tcp: `127.0.0.1:${port}` } } });
  const up = hale.start(["up"]);
  await up.said("stderr", (text) => text.includes("starting"));
  up.signal("SIGINT");
  const { code, stdout, stderr } = await up.result;
  assertEquals([code, stdout], [130, ""]);
  assertStringIncludes(stderr, "The services go on; stop them with `hale down`.");
  await until(async () => (await hale.launchesOf("web")).length === 1);
});

async function stateChanges(hale: Hale): Promise<StateChanged[]> {
  return (await hale.events()).filter((event) => event.type === "state_changed");
}
