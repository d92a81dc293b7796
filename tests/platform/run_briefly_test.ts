import { assertEquals } from "@std/assert";
import { runBriefly } from "../../src/platform/run_briefly.ts";
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
