import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { freePorts } from "../../scripts/demo/free_ports.ts";
import { type Hale, haleTest } from "./hale.ts";
import { script, SLEEPER } from "./services.ts";

/** No process of a service is there, and none will be: the supervisor has given it up. */
async function assertGivenUp(hale: Hale, service: string, state: string): Promise<void> {
  const status = await hale.status(service);
  assertEquals([status.state, status.pid], [state, null]);
  assertEquals(await hale.processesOf(service), []);
}

/** `hale up --json`: its one object and its exit status. */
async function failedUp(hale: Hale, ...args: string[]) {
  const { code, stdout, stderr } = await hale.run("up", "--json", ...args);
  const { error } = JSON.parse(stdout);
  assert(stderr.endsWith(`error: ${error.message}\n`), stderr);
  return { code, error, stderr };
}

haleTest("hale up says where it looked when a command does not exist", async (hale) => {
  await hale.services({ web: { command: "hale-no-such-program" }, other: SLEEPER });
  const { code, error } = await failedUp(hale);
  assertEquals([code, error.code], [5, "binary_not_found"]);
  assertMatch(
    error.message,
    /"hale-no-such-program" of web was not found: none of the \d+ folders/,
  );
  assertStringIncludes(error.message, "set `command` to its path");
  // The other one could have been started, but half of it is not what was asked for.
  await assertGivenUp(hale, "other", "stopped");
});

haleTest("hale up says how to mend it when a program is not executable", async (hale) => {
  const path = await hale.write("run.sh", "#!/bin/sh\nexec sleep 60\n", { mode: 0o644 });
  await hale.services({ web: { command: "./run.sh" } });
  const { code, error } = await failedUp(hale);
  assertEquals([code, error.code], [5, "binary_not_found"]);
  assertStringIncludes(error.message, `${path}: it is not executable (chmod +x makes it so)`);
  await assertGivenUp(hale, "web", "stopped");
  await Deno.chmod(path, 0o755);
  await hale.ok("up");
});

haleTest("hale up blames the interpreter when a script's is missing", async (hale) => {
  const path = await hale.write("run.sh", "#!/no/such/interpreter\n", { mode: 0o755 });
  await hale.services({ web: { command: "./run.sh" } });
  const { code, error } = await failedUp(hale);
  assertEquals([code, error.code], [5, "binary_not_found"]);
  assertStringIncludes(error.message, path);
  assertStringIncludes(error.message, "its interpreter /no/such/interpreter is not there");
  assertEquals(error.message.includes("hale-launch"), false);
  await assertGivenUp(hale, "web", "crashed");
});

haleTest("hale up --json tells every failure when several services fail", async (hale) => {
  const once = { restart: { policy: "never" } } as const;
  await hale.services({
    one: { ...script("echo no db >&2; exit 3"), ...once },
    two: { ...script("exit 4"), ...once, health: { exec: ["false"] } },
    waits: { ...SLEEPER, depends_on: ["two"] },
    fine: SLEEPER,
  });
  const { code, error } = await failedUp(hale);
  assertEquals([code, error.code], [1, "service_exited"]);
  const { failures } = error.fields;
  assertEquals(
    // deno-lint-ignore no-explicit-any
    failures.map(({ code, fields }: any) => [fields.service, code, fields.exit_code]),
    [
      ["waits", "dependency_failed", undefined],
      ["one", "service_exited", 3],
      ["two", "service_exited", 4],
    ],
  );
  // The last is the one that decides, with the same words.
  assertEquals([failures[2].message, failures[1].fields.stderr], [error.message, ["no db"]]);
});

haleTest("hale up --json tells one failure without a list", async (hale) => {
  await hale.services({ one: { ...script("exit 3"), restart: { policy: "never" } } });
  assertEquals((await failedUp(hale)).error.fields.failures, undefined);
});

haleTest("hale up blames the folder when cwd does not exist", async (hale) => {
  await hale.services({ web: { ...SLEEPER, cwd: "nowhere" } });
  const { code, error } = await failedUp(hale);
  assertEquals([code, error.code], [1, "spawn_failed"]);
  assertStringIncludes(
    error.message,
    `the working folder ${join(hale.folder, "nowhere")} does not exist`,
  );
  assertStringIncludes(error.message, "Check `cwd`");
  await assertGivenUp(hale, "web", "crashed");
});

haleTest("hale up shows the last words when a service dies at once", async (hale) => {
  await hale.services({
    web: { ...script("echo no licence >&2; exit 7"), restart: { max: 2, delay: "10ms" } },
  });
  const { code, error, stderr } = await failedUp(hale);
  assertEquals([code, error.code, error.fields.exit_code], [1, "restarts_exhausted", 7]);
  assertStringIncludes(error.message, "web exited with code 7");
  assertStringIncludes(error.message, "The last lines of its standard error:\n  no licence\n");
  assertStringIncludes(error.message, "See `hale logs web` and `hale history web`.");
  // Each try was told while it was waited for.
  assertEquals(stderr.match(/^web \| backoff {2}exit code 7, restarting in/gm)?.length, 2);
  await assertGivenUp(hale, "web", "crashed");
  const { items } = await hale.json("history", "web");
  assertEquals(items.filter(({ type }: { type: string }) => type === "launched").length, 3);
});

haleTest(
  "hale up tells it at once when a service dies and is not to be restarted",
  async (hale) => {
    await hale.services({
      web: { ...script("exit 7"), restart: { policy: "never" } },
      api: SLEEPER,
    });
    const { code, error } = await failedUp(hale);
    assertEquals([code, error.code], [1, "service_exited"]);
    assertMatch(error.message, /^web exited with code 7\./);
    await assertGivenUp(hale, "web", "crashed");
    assertEquals((await hale.status("api")).state, "running");
  },
);

haleTest("hale up fails when a service ends at once without an error", async (hale) => {
  await hale.services({ web: script("exit 0") });
  const { code, error } = await failedUp(hale);
  assertEquals([code, error.code], [1, "service_exited"]);
  assertStringIncludes(error.message, "web has ended with code 0 and its restart policy leaves it");
  await assertGivenUp(hale, "web", "stopped");
});

haleTest("hale up names the signal when a service is killed while it starts", async (hale) => {
  const [port] = freePorts([0]);
  await hale.services({
    web: {
      ...script("echo as always; kill -9 $$"),
      health: { tcp: `127.0.0.1:${port}` },
      restart: { policy: "never" },
    },
  });
  const { code, error } = await failedUp(hale);
  assertEquals([code, error.code, error.fields.signal], [1, "service_exited", "SIGKILL"]);
  assertMatch(error.message, /^web was ended by SIGKILL\./);
  await assertGivenUp(hale, "web", "crashed");
});

haleTest("hale up ends a service that never gets healthy", async (hale) => {
  const [port] = freePorts([0]);
  await hale.services({
    web: {
      ...script("echo warming up >&2; exec sleep 60"),
      health: { http: `http://127.0.0.1:${port}/health`, within: "400ms" },
    },
  });
  const { code, error, stderr } = await failedUp(hale);
  assertEquals([code, error.code], [4, "health_check_failed"]);
  assertMatch(error.message, /nothing listens at|no answer from/);
  assertStringIncludes(error.message, "raise health.within");
  assertStringIncludes(error.message, "  warming up");
  // hale's own SIGTERM is not how it failed.
  assertStringIncludes(stderr, "web | crashed  health_check_failed\n");
  await assertGivenUp(hale, "web", "crashed");
});

haleTest("hale up --timeout ends the wait and not the start", async (hale) => {
  const [port] = freePorts([0]);
  await hale.services({ web: { ...SLEEPER, health: { tcp: `127.0.0.1:${port}` } } });
  const { code, error } = await failedUp(hale, "--timeout", "300ms");
  assertEquals([code, error.code], [4, "not_healthy_in_time"]);
  assertStringIncludes(error.message, "web is still starting after 300ms. It goes on starting");
  assertStringIncludes(error.message, "give it longer with --timeout");
  assertEquals((await hale.status("web")).state, "starting");
  // A start that is stopped is over for good.
  await hale.ok("stop", "web");
  await assertGivenUp(hale, "web", "stopped");
});

/** A program of somebody else on a port of loopback. */
function stranger(body: unknown): Deno.HttpServer<Deno.NetAddr> & AsyncDisposable {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => Response.json(body),
  );
}

haleTest("hale up names what has the engine's port when it says who it is", async (hale) => {
  await using other = stranger({ runtime: "rivetkit", status: "ok" });
  const { port } = other.addr;
  await hale.services({
    engine: { preset: "rivet-engine", endpoint: `http://127.0.0.1:${port}` },
  });
  const { code, error } = await failedUp(hale);
  assertEquals([code, error.code], [7, "port_occupied"]);
  assertEquals([error.fields.port, error.fields.runtime], [port, "rivetkit"]);
  assertStringIncludes(error.message, `Port ${port} on 127.0.0.1, which engine needs, is taken`);
  assertStringIncludes(error.message, 'it calls itself "rivetkit"');
  assertStringIncludes(error.message, "Stop that program, or give the service another port.");
  assertEquals(hale.filesIn("cache"), []);
});

haleTest("hale up names what has a service's port and starts nothing beside it", async (hale) => {
  await using other = stranger({ runtime: "rivetkit" });
  const { port } = other.addr;
  const health = { http: `http://127.0.0.1:${port}/`, expect: { status: "ok" } };
  await hale.services({ web: { ...SLEEPER, health } });
  const { code, error } = await failedUp(hale);
  assertEquals([code, error.code, error.fields.runtime], [7, "port_occupied", "rivetkit"]);
  if (Deno.build.os === "linux") {
    assertStringIncludes(error.message, `(pid ${Deno.pid})`);
  }
  await assertGivenUp(hale, "web", "crashed");
  const { items } = await hale.json("history", "web");
  assertEquals(items.filter(({ type }: { type: string }) => type === "launched"), []);
});

haleTest("hale up says that it does not start what it only watches", async (hale) => {
  const [port] = freePorts([0]);
  await hale.services({ db: { health: { tcp: `127.0.0.1:${port}` } } });
  const { code, error } = await failedUp(hale);
  assertEquals([code, error.code], [4, "not_healthy_in_time"]);
  assertStringIncludes(error.message, "db is not started by hale, and it is unhealthy. Start it");
  const started = await hale.run("start", "db");
  assertEquals(started.code, 2);
  assertStringIncludes(started.stderr, "db is only watched: hale has no program to start for it");
});

haleTest("hale up fails for the cause when a service waits for one that fails", async (hale) => {
  const [port] = freePorts([0]);
  const health = { tcp: `127.0.0.1:${port}` };
  await hale.services({
    api: { ...SLEEPER, depends_on: ["db"] },
    db: { ...script("exit 3"), health, restart: { policy: "never" } },
  });
  const { code, error, stderr } = await failedUp(hale);
  assertEquals([code, error.code, error.fields.service], [1, "service_exited", "db"]);
  assertStringIncludes(
    stderr,
    "error: api was not started: it depends on db, which is crashed.\n",
  );
  await assertGivenUp(hale, "api", "crashed");
});
