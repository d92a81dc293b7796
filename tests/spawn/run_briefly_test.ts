import { assertEquals, assertRejects } from "@std/assert";
import { runBriefly } from "../../src/spawn/run_briefly.ts";
import { groupExists } from "../../src/platform/mod.ts";
import { alive } from "../fixtures/script_launch.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { linuxTest, unixTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";

const OPTIONS = { timeoutMs: 10_000 };

unixTest("runBriefly() ends the children that a command leaves in its group", async () => {
  using folder = new TempFolder();
  for (const env of [undefined, { PATH: "/usr/bin:/bin" }]) {
    const command = ["/bin/sh", "-c", "sleep 60 >/dev/null 2>&1 & echo $! >left; exit 3"];
    const run = await runBriefly(command, { ...OPTIONS, env, cwd: folder.path });
    assertEquals(run?.status, 3);
    const left = Number(folder.read("left"));
    await until(async () => (await alive([left])).length === 0);
  }
});

/** Starts a process in a session of its own that has nothing of the command open. It appends its pid. */
const daemon = (prefix: string) =>
  `${prefix}setsid /bin/sh -c 'echo $$ >>left; exec sleep 60' </dev/null >/dev/null 2>&1`;

/** Waits for the daemons. */
const STARTED = "while [ $(wc -l <left) -lt 2 ]; do :; done";

linuxTest("runBriefly() ends what left the group of a command", async () => {
  using folder = new TempFolder();
  folder.write("left", "");
  // The second one has lost its parent.
  const script = `${daemon("")} & (${daemon("")} &)\n${STARTED}\nexit 3`;
  const run = await runBriefly(["/bin/sh", "-c", script], { ...OPTIONS, cwd: folder.path });
  assertEquals(run?.status, 3);
  const left = folder.read("left").trim().split("\n").map(Number);
  assertEquals([left.length, await alive(left)], [2, []]);
});

linuxTest("runBriefly() ends what left the group of a command that is killed", async () => {
  using folder = new TempFolder();
  folder.write("left", "");
  // The second one has no mark: it is known as a child of the command.
  const script = `${daemon("")} & ${daemon("env -i /usr/bin/")} &\n${STARTED}\necho >all; sleep 60`;
  const aborted = new AbortController();
  const running = runBriefly(["/bin/sh", "-c", script], {
    timeoutMs: 60_000,
    cwd: folder.path,
    signal: aborted.signal,
  });
  const rejected = assertRejects(() => running, Error, "enough");
  await until(() => folder.read("all") !== "");
  aborted.abort(new Error("enough"));
  await rejected;
  const left = folder.read("left").trim().split("\n").map(Number);
  assertEquals([left.length, await alive(left)], [2, []]);
});

linuxTest(
  "runBriefly() leaves a group alone that does not prove that it is the command's",
  async () => {
    using folder = new TempFolder();
    // As a stranger that was given the pid: it has another environment.
    const script = "env -i /bin/sleep 60 >/dev/null 2>&1 & echo $! >left; sleep 0.1; exit 0";
    await runBriefly(["/bin/sh", "-c", script], { ...OPTIONS, cwd: folder.path });
    const stranger = Number(folder.read("left"));
    assertEquals(await alive([stranger]), [stranger]);
    Deno.kill(stranger, "SIGKILL");
  },
);

unixTest("runBriefly() ends the whole group after the time limit", async () => {
  using folder = new TempFolder();
  const command = ["/bin/sh", "-c", "env -i /bin/sleep 60 & echo $! >left; wait"];
  assertEquals(await runBriefly(command, { timeoutMs: 300, cwd: folder.path }), null);
  const left = Number(folder.read("left"));
  await until(async () => (await alive([left])).length === 0);
});

unixTest("groupExists() signals nothing", async () => {
  const child = new Deno.Command("/bin/sleep", { args: ["60"], detached: true }).spawn();
  assertEquals(await groupExists(child.pid), true);
  child.kill("SIGKILL");
  assertEquals((await child.status).signal, "SIGKILL");
  assertEquals(await groupExists(child.pid), false);
});
