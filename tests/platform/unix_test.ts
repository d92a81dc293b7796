import { assertEquals, assertThrows } from "@std/assert";
import type { ProcessInfo } from "../../src/platform/types.ts";
import {
  defaultHome,
  executableNames,
  isExecutableFile,
  launchMembers,
  makeExecutable,
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
    startTime: String(pid),
    command: `p${pid}`,
    ...given,
  };
}

Deno.test("launchMembers() takes the group, and names descendants that left it", () => {
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

Deno.test("launchMembers() finds members when the leader is gone or a zombie", () => {
  const member = processInfo(101, { parent: 1, group: 100, session: 100 });
  assertEquals(launchMembers([member], 100).group, [member]);
  const leader = processInfo(100, { zombie: true });
  assertEquals(launchMembers([leader, member], 100).group, [member]);
  assertEquals(launchMembers([leader], 100).group, []);
});

unixTest("signalGroup() refuses what would reach others than one group", () => {
  for (const group of [1, 0, -1, NaN, 1.5]) {
    assertThrows(() => signalGroup(group, "SIGCONT"), RangeError);
  }
});

unixTest("signalGroup() is false when the group has nobody", async () => {
  const child = new Deno.Command("/bin/sh", { args: ["-c", ":"], detached: true }).spawn();
  await child.status;
  assertEquals(signalGroup(child.pid, "SIGCONT"), false);
});

unixTest("isExecutableFile() follows the mode, and a folder is no executable", async () => {
  using folder = new TempFolder();
  const path = folder.write("program", "#!/bin/sh\n");
  assertEquals(isExecutableFile(Deno.statSync(path)), false);
  await makeExecutable(path);
  assertEquals(isExecutableFile(Deno.statSync(path)), true);
  assertEquals(isExecutableFile(Deno.statSync(folder.path)), false);
});

Deno.test("defaultHome() lies in the user's home, where there is one", () => {
  assertEquals(defaultHome({ HOME: "" }), null);
  assertEquals(defaultHome({}), null);
});

Deno.test("executableNames() is the name itself", () => {
  assertEquals(executableNames("node"), ["node"]);
});
