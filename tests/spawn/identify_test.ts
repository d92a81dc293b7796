import { assertEquals, assertNotEquals } from "@std/assert";
import type { ProcessInfo } from "../../src/platform/mod.ts";
import { bootId, inspectProcesses } from "../../src/platform/mod.ts";
import {
  identify,
  isSameProcess,
  isStartedBetween,
  stillRunning,
} from "../../src/spawn/identify.ts";
import { alive, ScriptLaunch } from "../fixtures/script_launch.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";

const IDENTITY = { pid: 4711, start_time: "987654", boot_id: "today" };
const FOUND: ProcessInfo = {
  pid: 4711,
  parent: 1,
  group: 4711,
  session: 4711,
  zombie: false,
  suspended: false,
  startTime: "987654",
  command: "server",
};

Deno.test("isSameProcess() is true for the same pid, start time and boot", () => {
  assertEquals(isSameProcess(IDENTITY, FOUND, "today"), true);
});

for (
  const [what, found, boot] of [
    ["the pid belongs to a process that started later", { ...FOUND, startTime: "987655" }, "today"],
    ["the machine has rebooted since", FOUND, "yesterday"],
    ["it is a zombie", { ...FOUND, zombie: true }, "today"],
    ["there is no such process", undefined, "today"],
    ["the table shows another pid", { ...FOUND, pid: 4712 }, "today"],
    ["the table has no start time", { ...FOUND, startTime: "" }, "today"],
    ["the boot id is unknown", FOUND, ""],
  ] as const
) {
  Deno.test(`isSameProcess() is false when ${what}`, () => {
    assertEquals(isSameProcess(IDENTITY, found, boot), false);
  });
}

Deno.test("stillRunning() does not ask for the processes of another boot", async () => {
  // ps of macOS refuses all of a list of pids if one is above 99999.
  const other = { pid: 4_000_000_000, start_time: "1", boot_id: "yesterday" };
  const own = await identify(Deno.pid);
  assertEquals([...await stillRunning([other, own!])], [Deno.pid]);
  assertEquals([...await stillRunning([other])], []);
});

Deno.test("isStartedBetween() accepts only start times of that interval", () => {
  const unit = (offset: number) =>
    Deno.build.os === "darwin" ? `Sat Nov 21 10:11:${12 + offset} 2026` : String(987_654 + offset);
  const between = (offset: number) => isStartedBetween(unit(offset), [unit(0), unit(2)]);
  assertEquals([-1, 0, 1, 2, 3].map(between), [false, true, true, true, false]);
});

Deno.test("identify() returns an identity that is unique to this process", async () => {
  const identity = await identify(Deno.pid);
  assertEquals(identity?.pid, Deno.pid);
  assertEquals(identity?.boot_id, await bootId());
  assertEquals(await identify(Deno.pid), identity);
  assertNotEquals((await identify(1))?.start_time, identity?.start_time);
});

unixTest("identify() returns null when the process has exited", async () => {
  using folder = new TempFolder();
  await using ended = new ScriptLaunch(folder, ":");
  await ended.exited;
  assertEquals(await identify(ended.pid), null);
});

unixTest("identify() and stillRunning() treat a zombie as exited", async () => {
  using folder = new TempFolder();
  // The parent execs a program that never waits for its child.
  await using parent = new ScriptLaunch(folder, 'sleep 60 & echo "$!"; exec sleep 60');
  const [child] = await parent.pids(1);
  const identity = (await identify(child!))!;
  assertEquals(await stillRunning([identity]), new Set([child!]));
  Deno.kill(child!, "SIGKILL");
  await until(async () => (await inspectProcesses([child!])).get(child!)?.zombie);
  assertEquals(await identify(child!), null);
  assertEquals(await stillRunning([identity]), new Set());
  assertEquals(await alive([child!]), []);
});

unixTest(
  "stillRunning() excludes processes whose pid has been reused",
  async () => {
    using folder = new TempFolder();
    await using one = new ScriptLaunch(folder, "exec sleep 60", { name: "one" });
    await using two = new ScriptLaunch(folder, "exec sleep 60", { name: "two" });
    await using gone = new ScriptLaunch(folder, ":", { name: "gone" });
    await gone.exited;
    const first = await one.identity();
    const second = await two.identity();
    const third = await gone.identity();
    assertEquals(
      await stillRunning([first, { ...second, start_time: third.start_time + "1" }, third]),
      new Set([one.pid]),
    );
    assertEquals(
      await stillRunning([{ ...first, boot_id: "another" }, second]),
      new Set([two.pid]),
    );
    assertEquals(await stillRunning([]), new Set());
  },
);
