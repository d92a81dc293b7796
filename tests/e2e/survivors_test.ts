import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { ServiceTables } from "../../src/config/schema/tables.ts";
import { missingPrograms } from "../fixtures/program.ts";
import { alive } from "../fixtures/script_launch.ts";
import { until } from "../fixtures/until.ts";
import { type Hale, haleTest } from "./hale.ts";

/** Runs hale without the rights to signal and to inspect processes of other users. */
const WITHOUT_RIGHTS = ["setpriv", "--bounding-set=-kill,-sys_ptrace"];

/** Runs a program as another user. hale gets EPERM when it signals that. */
const AS_OTHER = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

const WHY = "not permitted (EPERM)";

/** A program that hale may not signal. */
const PROTECTED: ServiceTables = {
  command: AS_OTHER[0]!,
  args: [...AS_OTHER.slice(1), "sleep", "1000"],
  stop: { timeout: "60s" },
};

/** A test with processes that hale cannot end. It is skipped, and says so, where none can be made. */
function survivorTest(name: string, test: (hale: Hale) => Promise<void>): void {
  const missing = missingPrograms(["setpriv"]);
  if (Deno.build.os !== "linux") missing.push("Linux");
  else if (Deno.uid() !== 0) missing.push("root");
  if (missing.length > 0) {
    Deno.test({ name: `${name} (skipped: no ${missing.join(", ")})`, ignore: true, fn() {} });
    return;
  }
  haleTest(name, async (hale) => {
    hale.through = WITHOUT_RIGHTS;
    await test(hale);
  });
}

/** Returns the programs of the service that run, without the launcher. */
async function programsOf(hale: Hale, service: string): Promise<number[]> {
  return (await hale.processesOf(service)).map(({ pid }) => pid);
}

async function startProtected(hale: Hale): Promise<number> {
  await hale.services({ web: PROTECTED });
  await hale.ok("up");
  const { pid } = await hale.status("web");
  return pid!;
}

/** Ends a survivor as root. */
async function endAsRoot(...pids: number[]): Promise<void> {
  for (const pid of pids) Deno.kill(pid, "SIGKILL");
  await until(async () => (await alive(pids)).length === 0);
}

survivorTest("hale stop and down name what they may not end, until it has ended", async (hale) => {
  const pid = await startProtected(hale);
  for (const command of [["stop", "web"], ["down"]]) {
    const { code, stderr } = await hale.run(...command);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "web stopping\n");
    assertStringIncludes(stderr, `web: sleep (pid ${pid}), ${WHY}`);
    assertStringIncludes(stderr, `End them as their own user or as root: \`kill -9 ${pid}\`.`);
  }
  const survivors = [{ pid, command: "sleep", why: "not_permitted" }];
  const stopped = await hale.run("down", "--json");
  assertEquals(stopped.code, 1);
  const [after] = JSON.parse(stopped.stdout);
  assertEquals({ ...after, uptime_seconds: 0 }, {
    ...await hale.status("web"),
    uptime_seconds: 0,
    killed: null,
    survivors,
  });
  assertEquals({ state: after.state, pid: after.pid }, { state: "stopping", pid });
  const { stdout } = await hale.ok("status");
  assertStringIncludes(stdout, `web: hale could not end sleep (pid ${pid}), ${WHY}`);
  assertEquals((await hale.run("status", "--check")).code, 3);
  await endAsRoot(pid);
  const gone = await hale.statusOnce("web", ({ state }) => state === "stopped");
  assertEquals(gone.survivors, []);
  await hale.ok("up");
  const next = await hale.status("web");
  assertEquals(next.state, "running");
  await endAsRoot(next.pid!);
  await hale.ok("down");
});

survivorTest("events, audit and doctor tell of a survivor once, and why", async (hale) => {
  const pid = await startProtected(hale);
  await hale.run("stop", "web");
  // Further attempts change nothing: they are neither events nor acts.
  for (let again = 0; again < 3; again++) await hale.run("stop", "web");
  const told = (await hale.events()).filter((event) => event.type === "diagnostic");
  assertEquals(told.map(({ code, message }) => [code, message]), [[
    "survivors_left",
    `web left processes that could not be ended and are still running: sleep (pid ${pid}), ${WHY}`,
  ]]);
  const acts = await hale.json("audit");
  assertEquals(
    acts.map(({ action, pid, reason }: Record<string, unknown>) => [action, pid, reason ?? null]),
    [
      ["start", pid, null],
      ["stop", pid, null],
      ["kill-failed", pid, `sleep (pid ${pid}), ${WHY}`],
    ],
  );
  const doctor = await hale.run("doctor", "--json");
  assertEquals(doctor.code, 1);
  const wrong = JSON.parse(doctor.stdout).findings.filter((found: { status: string }) =>
    found.status === "wrong"
  );
  assertEquals(wrong.map(({ check }: { check: string }) => check), ["services"]);
  assertStringIncludes(wrong[0].message, `sleep (pid ${pid}), ${WHY}`);
  await endAsRoot(pid);
  await hale.statusOnce("web", ({ state }) => state === "stopped");
  assertEquals((await hale.run("doctor")).code, 0);
});

survivorTest("no successor runs beside a survivor, and it follows when that ends", async (hale) => {
  const pid = await startProtected(hale);
  for (const command of [["restart", "web"], ["up"], ["start", "web"], ["restart", "web", "-v"]]) {
    const { code, stderr } = await hale.run(...command);
    assertEquals(code, 1, command.join(" "));
    assertStringIncludes(
      stderr,
      "web was not started, because processes of its last launch could not be ended: " +
        `sleep (pid ${pid}), ${WHY}.`,
    );
    assertEquals(await programsOf(hale, "web"), [pid]);
  }
  await endAsRoot(pid);
  const next = await hale.statusOnce("web", ({ state }) => state === "running");
  assertEquals(await programsOf(hale, "web"), [next.pid]);
  await hale.run("down");
  await endAsRoot(next.pid!);
  await hale.statusOnce("web", ({ state }) => state === "stopped");
});

survivorTest("no successor runs beside a child that left the group and survives", async (hale) => {
  const escape = `setsid ${AS_OTHER.join(" ")} sleep 1000 & echo $! >>escaped; exec sleep 1000`;
  await hale.services({
    web: {
      command: "sh",
      args: ["-c", escape],
      stop: { timeout: "5s" },
      restart: { delay: "1ms" },
    },
  });
  await hale.ok("up");
  const { pid } = await hale.status("web");
  const child = await until(async () => (await programsOf(hale, "web")).find((one) => one !== pid));
  // The leader crashes: the restart waits for its child.
  await endAsRoot(pid!);
  const stuck = await hale.statusOnce("web", ({ survivors }) => survivors.length > 0);
  assertEquals([stuck.state, stuck.desired, stuck.pid], ["stopping", "running", null]);
  assertEquals(stuck.survivors, [{ pid: child, command: "sleep", why: "not_permitted" }]);
  const { code, stderr } = await hale.run("stop", "web");
  assertEquals(code, 1);
  assertStringIncludes(stderr, `sleep (pid ${child}), ${WHY}`);
  assertEquals((await hale.run("up")).code, 1);
  assertEquals(await programsOf(hale, "web"), [child]);
  await endAsRoot(child);
  const next = await hale.statusOnce("web", ({ state }) => state === "running");
  await until(async () => (await programsOf(hale, "web")).length === 2);
  assert(next.pid !== pid);
  assertEquals((await hale.run("down")).code, 1);
  await endAsRoot(...await programsOf(hale, "web"));
  await hale.statusOnce("web", ({ state }) => state === "stopped");
});

survivorTest("hale up --foreground ends with 1 when Ctrl-C leaves a process", async (hale) => {
  await hale.services({ web: PROTECTED });
  const command = hale.start(["up", "--foreground"]);
  await command.said("stderr", (text) => text.includes("Press Ctrl-C to stop"));
  const [pid = 0] = await programsOf(hale, "web");
  command.signal("SIGINT");
  const { code, stderr } = await command.result;
  assertEquals(code, 1);
  assertMatch(stderr, new RegExp(`error: Still running, .* web: sleep \\(pid ${pid}\\), `));
  assertStringIncludes(stderr, WHY);
  await endAsRoot(pid);
  const { state } = await hale.statusOnce("web", ({ state }) => state === "stopped");
  assertEquals(state, "stopped");
});
