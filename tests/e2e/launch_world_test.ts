/** What the shell of a command leaves to the supervisor and the services that it starts. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { haleTest } from "./hale.ts";

/** Prints the world of a service. */
const SHOW = 'umask; nice; ulimit -n; echo "PATH=$PATH"; ls -l /proc/$$/fd; grep SigIgn ' +
  '/proc/$$/status; echo "end"; exec sleep 1000';

const WORLD = { command: "/bin/sh", args: ["-c", SHOW] };

/** Whether a script succeeds: whether this user may do something. */
async function may(script: string): Promise<boolean> {
  const { success } = await new Deno.Command("/bin/sh", { args: ["-c", script], stderr: "null" })
    .output();
  return success;
}

haleTest("services do not inherit the limits of the shell of the first command", async (hale) => {
  // Only a user with privileges may lower the niceness and raise a hard limit.
  if (Deno.build.os !== "linux" || !await may('[ "$(nice)" = 0 ]')) return;
  const mayLowerNice = await may('[ "$(nice -n 5 nice -n -5 nice)" = 0 ]');
  const mayRaise = await may("ulimit -n 200; ulimit -H -n 300");
  await hale.services({ web: { ...WORLD, limits: { umask: "027" } }, api: WORLD });
  const script = `umask 0077; trap '' HUP INT QUIT USR1; exec 7>kept 9>deploy-lock
    ulimit ${mayRaise ? "" : "-S"} -n 200
    exec nice -n 5 "$@"`;
  assertEquals((await hale.startInTerminal(script, "up").result).code, 0);
  await hale.statusOnce("web", ({ state }) => state === "running");
  for (const [service, umask] of [["web", "0027"], ["api", "0022"]] as const) {
    const seen = await hale.output(service);
    const lines = seen.split("\n");
    assertEquals(lines[0], umask);
    assertEquals(lines[1], mayLowerNice ? "0" : "5");
    assert(Number(lines[2]) > 200, lines[2]);
    assertEquals(lines[3], `PATH=${hale.env.PATH}`);
    const opened = [...seen.matchAll(/ ([0-9]+) -> /g)].map(([, fd]) => fd).sort();
    assertEquals(opened, ["0", "1", "2", "8"]);
    const ignored = BigInt("0x" + /SigIgn:\s*([0-9a-f]+)/.exec(seen)![1]);
    assertEquals(ignored & 0x7fffffffn, 0n);
  }
  const { pid } = (await hale.supervisor())!;
  const links = [...Deno.readDirSync(`/proc/${pid}/fd`)].map(({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/${pid}/fd/${name}`);
    } catch {
      return "";
    }
  });
  assertEquals(links.filter((link) => /\/(kept|deploy-lock)$/.test(link)), [], links.join("\n"));
});

haleTest("commands and services work without PATH", async (hale) => {
  for (const path of ["-u PATH", "PATH="]) {
    await hale.services({ web: { command: "sh", args: ["-c", SHOW] } });
    const up = await hale.startInTerminal(`exec /usr/bin/env ${path} "$@"`, "up").result;
    assertEquals(up.code, 0, up.stderr);
    const stop = await hale.startInTerminal(`exec /usr/bin/env ${path} "$@"`, "stop", "web").result;
    assertEquals(stop.code, 0, stop.stderr);
    assertStringIncludes(await hale.output("web"), "PATH=/usr/local/bin:/usr/bin:/bin");
    await hale.ok("down");
  }
});

haleTest(
  "a supervisor keeps no variable of the first command that it does not use",
  async (hale) => {
    if (Deno.build.os !== "linux") return;
    await hale.services({ web: WORLD });
    const env = { API_TOKEN: "hunter2", RUNNER_TRACKING_ID: "github_1", LC_ALL: "C" };
    await hale.runAt({ env }, "up");
    const { pid } = (await hale.supervisor())!;
    const names = Deno.readTextFileSync(`/proc/${pid}/environ`).split("\0").map((entry) =>
      entry.split("=")[0]
    );
    assert(names.includes("PATH") && names.includes("LC_ALL"), names.join());
    assertEquals(names.filter((name) => name === "API_TOKEN" || name === "RUNNER_TRACKING_ID"), []);
    const [service] = await hale.launchesOf("web");
    const own = Deno.readTextFileSync(`/proc/${service}/environ`).split("\0");
    assert(own.includes("API_TOKEN=hunter2"));
  },
);

haleTest(
  "hale up starts nothing with a variable or an argument that is not UTF-8",
  async (hale) => {
    await hale.services({ web: WORLD });
    const variable = `LATIN=$(printf 'a\\377') exec "$@"`;
    const up = await hale.startInTerminal(variable, "up").result;
    assertEquals(up.code, 2, up.stderr);
    assertStringIncludes(up.stderr, "the environment variable LATIN of this command is not UTF-8");
    assertEquals(await hale.processesOf("web"), []);
    await hale.services({ web: { ...WORLD, env: { LATIN: "é" } } });
    const own = await hale.startInTerminal(variable, "up").result;
    assertEquals(own.code, 0, own.stderr);
    await hale.ok("down");
    // The compiled program ends in Deno's own code, before hale runs.
    if (Deno.env.has("HALE_BIN")) return;
    const argument = `exec "$@" "$(printf 'a\\377')"`;
    const start = await hale.startInTerminal(argument, "start", "job", "--", "echo").result;
    assertEquals(start.code, 2, start.stderr);
    assertStringIncludes(start.stderr, `, "a\ufffd", is not UTF-8.`);
  },
);

haleTest("hale refuses a pipe as its configuration", async (hale) => {
  const script = `exec /bin/bash -c '"$0" "$@" -c <(echo)' "$@"`;
  const check = await hale.startInTerminal(script, "config", "check").result;
  assertEquals(check.code, 2, check.stderr);
  assertStringIncludes(check.stderr, "it is a pipe, which can be read only once");
  const fifo = await hale.startInTerminal('mkfifo hale.toml; exec "$@"', "up", "-c", "hale.toml")
    .result;
  assertEquals(fifo.code, 2, fifo.stderr);
  assertStringIncludes(fifo.stderr, "it is a pipe, which can be read only once");
});
