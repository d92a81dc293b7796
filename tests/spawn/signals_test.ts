import { assertEquals } from "@std/assert";
import {
  killChildGroup,
  killGroupOf,
  killLaunch,
  signalLaunch,
  signalProcess,
} from "../../src/spawn/signals.ts";
import { alive, ScriptLaunch } from "../fixtures/script_launch.ts";
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

unixTest("signalLaunch() and killLaunch() signal no group without a proven member", async () => {
  using folder = new TempFolder();
  await using launch = new ScriptLaunch(folder, "echo ready; exec sleep 60");
  await launch.said("ready");
  const trace = await launch.trace();
  const none = { trace, members: { group: [], outside: [] } };
  assertEquals(signalLaunch(none, "SIGKILL"), "none");
  assertEquals(await killLaunch(none), "none");
  const members = await trace.find();
  assertEquals(members.group.map(({ pid }) => pid), [launch.pid]);
  const unknown = { trace: { leader: null }, members };
  assertEquals(signalLaunch(unknown, "SIGKILL"), "none");
  assertEquals(await alive([launch.pid]), [launch.pid]);
  assertEquals(await killLaunch({ trace, members }), "sent");
  assertEquals((await launch.exited).signal, "SIGKILL");
});

unixTest("killGroupOf() and killChildGroup() kill only what is proven", async () => {
  using folder = new TempFolder();
  await using launch = new ScriptLaunch(folder, "sleep 60 & echo $!; wait");
  const [child] = await launch.pids(1);
  const identity = await launch.identity();
  assertEquals(await killGroupOf({ ...identity, start_time: "1" }), "none");
  await killChildGroup({ pid: launch.pid, isReaped: true });
  assertEquals(await alive([launch.pid, child!]), [launch.pid, child!]);
  assertEquals(await killGroupOf(identity), "sent");
  await until(async () => (await alive([launch.pid, child!])).length === 0);
  assertEquals(await killGroupOf(identity), "none");
});
