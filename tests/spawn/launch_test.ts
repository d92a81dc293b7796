import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { HaleError } from "../../src/errors.ts";
import { identify } from "../../src/spawn/identify.ts";
import { identityFromPidFile, launch } from "../../src/spawn/launch.ts";
import { launchPlan } from "../fixtures/launch_plan.ts";
import { ScriptLaunch } from "../fixtures/script_launch.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";

unixTest("launch() returns the same identity as the process table and the pid file", async () => {
  using folder = new TempFolder();
  await using sleeper = new ScriptLaunch(folder, "exec sleep 60");
  const identity = await sleeper.identity();
  assertEquals(identity, (await identify(sleeper.pid))!);
  assertEquals(await identityFromPidFile(folder.join("launch.pid")), identity);
});

unixTest("launch() identifies a process that exits at once", async () => {
  using folder = new TempFolder();
  await using ended = new ScriptLaunch(folder, "exit 3");
  assertEquals(await ended.exited, { exit_code: 3, signal: null });
  assertEquals((await ended.identity()).pid, ended.pid);
});

unixTest("launch() reports the signal that killed the process", async () => {
  using folder = new TempFolder();
  await using sleeper = new ScriptLaunch(folder, "echo on; exec sleep 60");
  await sleeper.said("on");
  Deno.kill(sleeper.pid, "SIGKILL");
  assertEquals(await sleeper.exited, { exit_code: null, signal: "SIGKILL" });
});

unixTest("launch() reports the exit while a descendant holds the log open", async () => {
  using folder = new TempFolder();
  await using parent = new ScriptLaunch(folder, 'sleep 60 & echo "$!"; exit 4');
  await parent.pids(1);
  assertEquals(await parent.exited, { exit_code: 4, signal: null });
});

unixTest("launch() returns no identity when the pid file is claimed", async () => {
  using folder = new TempFolder();
  folder.write("launch.pid", "claimed\n");
  await using late = new ScriptLaunch(folder, "touch ran");
  assertEquals(await late.launch.identity, null);
  assertEquals(await late.exited, { exit_code: 125, signal: null });
});

unixTest("launch() returns no identity when another process wrote the pid file", async () => {
  using folder = new TempFolder();
  await using first = new ScriptLaunch(folder, "exec sleep 60", { name: "first" });
  await first.identity();
  Deno.copyFileSync(folder.join("first.pid"), folder.join("launch.pid"));
  await using second = new ScriptLaunch(folder, "exec sleep 60");
  assertEquals(await second.launch.identity, null);
});

unixTest("launch() names the working folder when it does not exist or is not a folder", () => {
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
  assertStringIncludes(noFolder.message, "is not a folder. Correct `cwd`");
});

unixTest("launch() says what to do when no file can be opened", () => {
  using folder = new TempFolder();
  const { Command } = Deno;
  const remedies = {
    EMFILE: "The supervisor has too many files open: raise its limit (ulimit -n).",
    ENFILE: "Too many files are open on this machine: close programs.",
  };
  try {
    for (const [code, remedy] of Object.entries(remedies)) {
      Deno.Command = class {
        spawn() {
          throw Object.assign(new Error("refused"), { code });
        }
      } as unknown as typeof Deno.Command;
      const error = assertThrows(() => launch(launchPlan(folder, "touch ran")), HaleError);
      assertStringIncludes(error.message, remedy);
    }
  } finally {
    Deno.Command = Command;
  }
});

unixTest("launch() reports the system's reason when the arguments are refused", () => {
  using folder = new TempFolder();
  const plan = launchPlan(folder, "", { args: ["x".repeat(1 << 22)] });
  const error = assertThrows(() => launch(plan), HaleError);
  assertEquals(error.code, "spawn_failed");
  assertStringIncludes(error.message, "too long");
});

unixTest(
  "identityFromPidFile() returns null when the file is missing, empty or incomplete",
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
  "identityFromPidFile() takes no process for the launch by its pid alone",
  async () => {
    using folder = new TempFolder();
    // The pid was given to another program since.
    await using stranger = new ScriptLaunch(folder, "exec sleep 60");
    const path = folder.write("plain", `${stranger.pid}\n\n\n`);
    assertEquals(await identityFromPidFile(path), null);
  },
);
