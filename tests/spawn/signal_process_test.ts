import { assertEquals } from "@std/assert";
import { signalProcess } from "../../src/spawn/signal_process.ts";
import { ScriptLaunch } from "../fixtures/script_launch.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";

unixTest("signalProcess() reaches the process alone, and nobody who only has its pid", async () => {
  using folder = new TempFolder();
  await using launch = new ScriptLaunch(
    folder,
    "trap 'echo heard' USR1; sleep 60 & echo ready; while :; do wait; done",
  );
  const identity = await launch.identity();
  await until(() => folder.read("launch.out") === "ready\n");
  assertEquals(await signalProcess({ ...identity, start_time: "1" }, "SIGKILL"), false);
  assertEquals(await signalProcess({ ...identity, boot_id: "another" }, "SIGKILL"), false);
  // The child of the shell would die of it.
  assertEquals(await signalProcess(identity, "SIGUSR1"), true);
  await until(() => folder.read("launch.out") === "ready\nheard\n");
  assertEquals(await signalProcess(identity, "SIGUSR1"), true);
  await until(() => folder.read("launch.out") === "ready\nheard\nheard\n");
});

unixTest("signalProcess() says that nobody was there when the process has ended", async () => {
  using folder = new TempFolder();
  await using launch = new ScriptLaunch(folder, "sleep 0.1");
  const identity = await launch.identity();
  await launch.exited;
  assertEquals(await signalProcess(identity, "SIGHUP"), false);
});
