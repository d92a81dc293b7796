import { assertEquals } from "@std/assert";
import { signalProcess } from "../../src/spawn/signal_process.ts";
import { ScriptLaunch } from "../fixtures/script_launch.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";

unixTest("signalProcess() signals only the process, and no other with the same pid", async () => {
  using folder = new TempFolder();
  await using launch = new ScriptLaunch(
    folder,
    "trap 'echo heard' USR1; sleep 60 & echo ready; while :; do wait; done",
  );
  const identity = await launch.identity();
  await until(() => folder.read("launch.out") === "ready\n");
  assertEquals(await signalProcess({ ...identity, start_time: "1" }, "SIGKILL"), false);
  assertEquals(await signalProcess({ ...identity, boot_id: "another" }, "SIGKILL"), false);
  // The signal would kill the child of the shell.
  assertEquals(await signalProcess(identity, "SIGUSR1"), true);
  await until(() => folder.read("launch.out") === "ready\nheard\n");
  assertEquals(await signalProcess(identity, "SIGUSR1"), true);
  await until(() => folder.read("launch.out") === "ready\nheard\nheard\n");
});

unixTest("signalProcess() returns false when the process has exited", async () => {
  using folder = new TempFolder();
  await using launch = new ScriptLaunch(folder, "sleep 0.1");
  const identity = await launch.identity();
  await launch.exited;
  assertEquals(await signalProcess(identity, "SIGHUP"), false);
});
