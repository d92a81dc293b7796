import { assertEquals, assertThrows } from "@std/assert";
import type { ProcessInfo } from "../../src/platform/types.ts";
import {
  defaultHome,
  executableNames,
  isExecutableFile,
  launchMembers,
  makeExecutable,
  maySignal,
  sendSignal,
  signalGroup,
} from "../../src/platform/unix.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";

function processInfo(pid: number, given: Partial<ProcessInfo> = {}): ProcessInfo {
  return {
    pid,
    parent: 1,
    group: pid,
    session: pid,
    zombie: false,
    suspended: false,
    startTime: String(pid),
    command: `p${pid}`,
    ...given,
  };
}

Deno.test("launchMembers() returns the group and the descendants that left it", () => {
  const table = [
    processInfo(1, { parent: 0 }),
    processInfo(100),
    processInfo(101, { parent: 100, group: 100, session: 100 }),
    processInfo(102, { parent: 101, group: 100, session: 100 }),
    processInfo(103, { parent: 101 }),
    processInfo(104, { parent: 103, group: 103, session: 103 }),
    processInfo(105, { parent: 1, group: 105, session: 100 }),
    processInfo(106, { parent: 100, group: 100, session: 100, zombie: true }),
    processInfo(200),
    processInfo(201, { parent: 200, group: 200, session: 200 }),
  ];
  const { group, escaped } = launchMembers(table, 100);
  assertEquals(group.map(({ pid }) => pid), [100, 101, 102]);
  assertEquals(escaped.map(({ pid }) => pid).sort(), [103, 104, 105]);
});

Deno.test("launchMembers() finds members when the leader has exited or is a zombie", () => {
  const member = processInfo(101, { parent: 1, group: 100, session: 100 });
  assertEquals(launchMembers([member], 100).group, [member]);
  const leader = processInfo(100, { zombie: true });
  assertEquals(launchMembers([leader, member], 100).group, [member]);
  assertEquals(launchMembers([leader], 100).group, []);
});

unixTest("signalGroup() refuses ids that do not name a single group", () => {
  for (const group of [1, 0, -1, NaN, 1.5]) {
    assertThrows(
      () => signalGroup(group, "SIGCONT"),
      RangeError,
      `Process group ${group} cannot be signalled: its id must be 2 or more`,
    );
  }
});

unixTest("sendSignal() refuses ids that do not name a single process", () => {
  for (const pid of [1, 0, -1, NaN]) {
    assertThrows(
      () => sendSignal(pid, "SIGCONT"),
      RangeError,
      `Process ${pid} cannot be signalled: its id must be 2 or more`,
    );
  }
});

unixTest("signalGroup() returns none when the group is empty", async () => {
  const child = new Deno.Command("/bin/sh", { args: ["-c", ":"], detached: true }).spawn();
  await child.status;
  assertEquals(signalGroup(child.pid, "SIGCONT"), "none");
});

unixTest(
  "maySignal() is false for a process of another user, unless root asks",
  async () => {
    assertEquals(await maySignal(Deno.pid), true);
    const isOwn = Deno.build.os === "linux" && Deno.statSync("/proc/1").uid === Deno.uid();
    assertEquals(await maySignal(1), isOwn || Deno.uid() === 0);
  },
);

unixTest("isExecutableFile() checks the mode and rejects folders", async () => {
  using folder = new TempFolder();
  const path = folder.write("program", "#!/bin/sh\n");
  assertEquals(isExecutableFile(Deno.statSync(path)), false);
  await makeExecutable(path);
  assertEquals(isExecutableFile(Deno.statSync(path)), true);
  assertEquals(isExecutableFile(Deno.statSync(folder.path)), false);
});

Deno.test("defaultHome() returns null without HOME", () => {
  assertEquals(defaultHome({ HOME: "" }), null);
  assertEquals(defaultHome({}), null);
});

Deno.test("executableNames() returns the name itself", () => {
  assertEquals(executableNames("node"), ["node"]);
});
