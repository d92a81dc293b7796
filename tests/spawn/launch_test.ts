import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { HaleError } from "../../src/errors.ts";
import { identify } from "../../src/spawn/identify.ts";
import { identityFromPidFile, launch } from "../../src/spawn/launch.ts";
import { launchPlan } from "../fixtures/launch_plan.ts";
import { ScriptLaunch } from "../fixtures/script_launch.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";

unixTest("launch() knows the same identity as the process table and the pid file", async () => {
  using folder = new TempFolder();
  await using sleeper = new ScriptLaunch(folder, "exec sleep 60");
  const identity = await sleeper.identity();
  assertEquals(identity, (await identify(sleeper.pid))!);
  assertEquals(await identityFromPidFile(folder.join("launch.pid")), identity);
});

unixTest("launch() knows who a process was that ended at once", async () => {
  using folder = new TempFolder();
  await using ended = new ScriptLaunch(folder, "exit 3");
  assertEquals(await ended.exited, { exit_code: 3, signal: null });
  if (Deno.build.os === "linux") assertEquals((await ended.identity()).pid, ended.pid);
});

unixTest("launch() tells the signal that ended the process", async () => {
  using folder = new TempFolder();
  await using sleeper = new ScriptLaunch(folder, "echo on; exec sleep 60");
  await sleeper.said("on");
  Deno.kill(sleeper.pid, "SIGKILL");
  assertEquals(await sleeper.exited, { exit_code: null, signal: "SIGKILL" });
});

unixTest("launch() tells of the end while a descendant holds the log open", async () => {
  using folder = new TempFolder();
  await using parent = new ScriptLaunch(folder, 'sleep 60 & echo "$!"; exit 4');
  await parent.pids(1);
  assertEquals(await parent.exited, { exit_code: 4, signal: null });
});

unixTest("launch() has no identity when the pid file was claimed", async () => {
  using folder = new TempFolder();
  folder.write("launch.pid", "claimed\n");
  await using late = new ScriptLaunch(folder, "touch ran");
  assertEquals(await late.launch.identity, null);
  assertEquals(await late.exited, { exit_code: 125, signal: null });
});

unixTest("launch() has no identity when the pid file is another process's", async () => {
  using folder = new TempFolder();
  await using first = new ScriptLaunch(folder, "exec sleep 60", { name: "first" });
  await first.identity();
  Deno.copyFileSync(folder.join("first.pid"), folder.join("launch.pid"));
  await using second = new ScriptLaunch(folder, "exec sleep 60");
  assertEquals(await second.launch.identity, null);
});

unixTest("launch() names the working folder when that is the reason", () => {
  using folder = new TempFolder();
  folder.write("file", "");
  const missing = folder.join("missing");
  const error = assertThrows(
    () => launch(launchPlan(folder, "touch ran", { cwd: missing })),
    HaleError,
  );
  assertEquals(error.code, "spawn_failed");
  assertStringIncludes(error.message, `the working folder ${missing} does not exist`);
  const noFolder = assertThrows(
    () => launch(launchPlan(folder, "touch ran", { cwd: folder.join("file") })),
    HaleError,
  );
  assertStringIncludes(noFolder.message, "is not a folder");
});

unixTest("launch() says why when the system refuses the arguments", () => {
  using folder = new TempFolder();
  const plan = launchPlan(folder, "", { args: ["x".repeat(1 << 22)] });
  const error = assertThrows(() => launch(plan), HaleError);
  assertEquals(error.code, "spawn_failed");
  assertStringIncludes(error.message, "too long");
});

unixTest(
  "identityFromPidFile() gives nothing when the file is missing, empty or half written",
  async () => {
    using folder = new TempFolder();
    assertEquals(await identityFromPidFile(folder.join("missing")), null);
    assertEquals(await identityFromPidFile(folder.write("empty", "")), null);
    assertEquals(
      await identityFromPidFile(folder.write("half", "4711\nab-cd\n4711 (sh) S 1")),
      null,
    );
  },
);

unixTest(
  "identityFromPidFile() asks the process table when the launcher knew no start",
  async () => {
    using folder = new TempFolder();
    await using sleeper = new ScriptLaunch(folder, "exec sleep 60");
    const path = folder.write("plain", `${sleeper.pid}\n\n\n`);
    assertEquals(await identityFromPidFile(path), await sleeper.identity());
  },
);
