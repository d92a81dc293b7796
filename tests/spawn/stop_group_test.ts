import { assert, assertEquals, assertGreaterOrEqual, assertLess, assertRejects } from "@std/assert";
import { inspectProcesses } from "../../src/platform/mod.ts";
import { identify } from "../../src/spawn/identify.ts";
import { groupIsEmpty, stopGroup, type StopGroupOptions } from "../../src/spawn/stop_group.ts";
import { alive, ScriptLaunch } from "../fixtures/script_launch.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { linuxTest, unixTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";

const TERM: StopGroupOptions = { signal: "SIGTERM", timeoutMs: 10_000 };
const GONE = { killed: false, left: [], escaped: [] };

async function timed<T>(run: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const startedAt = performance.now();
  const value = await run();
  return { value, ms: performance.now() - startedAt };
}

unixTest("stopGroup() returns as soon as a program exits on the signal", async () => {
  using folder = new TempFolder();
  await using server = new ScriptLaunch(
    folder,
    'trap "echo bye; exit 7" TERM; echo on; while :; do sleep 0.02; done',
  );
  await server.said("on");
  const { exited } = server;
  const { value, ms } = await timed(async () =>
    await stopGroup(await server.identity(), { ...TERM, exited })
  );
  assertEquals(value, GONE);
  assertEquals(await exited, { exit_code: 7, signal: null });
  assertEquals(folder.read("launch.out"), "on\nbye\n");
  assertLess(ms, 5_000);
});

unixTest("stopGroup() sends the configured signal", async () => {
  using folder = new TempFolder();
  await using server = new ScriptLaunch(
    folder,
    'trap "" TERM; trap "exit 9" INT; echo on; while :; do sleep 0.02; done',
  );
  await server.said("on");
  assertEquals(await stopGroup(await server.identity(), { ...TERM, signal: "SIGINT" }), GONE);
  assertEquals(await server.exited, { exit_code: 9, signal: null });
});

for (const isChild of [true, false]) {
  unixTest(
    `stopGroup() kills a program that ignores the signal after the grace period (${
      isChild ? "child" : "adopted"
    })`,
    async () => {
      using folder = new TempFolder();
      await using server = new ScriptLaunch(
        folder,
        'trap "" TERM; echo on; while :; do sleep 0.02; done',
      );
      await server.said("on");
      const identity = await server.identity();
      const stopping = timed(() =>
        stopGroup(identity, {
          signal: "SIGTERM",
          timeoutMs: 400,
          ...(isChild ? { exited: server.exited } : {}),
        })
      );
      const exited = timed(() => server.exited);
      const { value, ms } = await stopping;
      assertEquals(value, { killed: true, left: [], escaped: [] });
      assertEquals((await exited).value, { exit_code: null, signal: "SIGKILL" });
      assertGreaterOrEqual((await exited).ms, 395);
      assertLess(ms, 3_000);
    },
  );
}

unixTest("stopGroup() stops a process tree of three levels", async () => {
  using folder = new TempFolder();
  await using tree = new ScriptLaunch(
    folder,
    `sh -c 'sh -c "sleep 60 & echo \\$!; echo \\$\\$; wait" & echo $!; wait' & echo $!; wait`,
  );
  const pids = await tree.pids(4);
  assertEquals((await alive(pids)).length, 4);
  assertEquals(await stopGroup(await tree.identity(), TERM), GONE);
  assertEquals(await alive([tree.pid, ...pids]), []);
});

unixTest("stopGroup() kills a member that ignores the signal after the leader exited", async () => {
  using folder = new TempFolder();
  await using tree = new ScriptLaunch(
    folder,
    `sh -c 'trap "" TERM; echo $$; while :; do sleep 0.02; done' & wait`,
  );
  const [member] = await tree.pids(1);
  const { exited } = tree;
  const { value, ms } = await timed(async () =>
    await stopGroup(await tree.identity(), { signal: "SIGTERM", timeoutMs: 400, exited })
  );
  assertEquals(value, { killed: true, left: [], escaped: [] });
  assertGreaterOrEqual(ms, 395);
  assertEquals(await alive([member!]), []);
  assertEquals((await exited).signal, "SIGTERM");
});

unixTest("stopGroup() stops members that outlived the leader", async () => {
  using folder = new TempFolder();
  await using tree = new ScriptLaunch(folder, 'sleep 60 & echo "$!"; sleep 60 & echo "$!"');
  const pids = await tree.pids(2);
  await tree.exited;
  const identity = await tree.identity();
  assertEquals(await groupIsEmpty(identity), false);
  assertEquals(await stopGroup(identity, TERM), GONE);
  assertEquals(await alive(pids), []);
  assertEquals(await groupIsEmpty(identity), true);
});

unixTest("stopGroup() does nothing when the group has already exited", async () => {
  using folder = new TempFolder();
  await using ended = new ScriptLaunch(folder, ":");
  await ended.exited;
  const identity = await ended.identity();
  const { exited } = ended;
  assertEquals(await stopGroup(identity, { ...TERM, exited }), GONE);
  assertEquals(await stopGroup(identity, TERM), GONE);
});

linuxTest("stopGroup() treats a zombie leader as exited", async () => {
  using folder = new TempFolder();
  await using parent = new ScriptLaunch(
    folder,
    // The leader of another session. Its parent never waits for it.
    "setsid sh -c 'echo $$; exec sleep 60' & exec sleep 60",
  );
  const [leader] = await parent.pids(1);
  const identity = (await identify(leader!))!;
  const { value, ms } = await timed(() => stopGroup(identity, TERM));
  assertEquals(value, GONE);
  assertLess(ms, 5_000);
  assertEquals((await inspectProcesses([leader!])).get(leader!)?.zombie, true);
  assertEquals(await stopGroup(identity, TERM), GONE);
});

linuxTest(
  "stopGroup() reports a descendant that left the group and does not signal it",
  async () => {
    using folder = new TempFolder();
    await using tree = new ScriptLaunch(
      folder,
      `setsid sh -c 'echo $$; exec sleep 60' & wait`,
    );
    const [detached] = await tree.pids(1);
    const { exited } = tree;
    const { value, ms } = await timed(async () =>
      await stopGroup(await tree.identity(), { ...TERM, exited })
    );
    assertEquals(value, {
      killed: false,
      left: [],
      escaped: [{ pid: detached!, command: "sleep" }],
    });
    assertLess(ms, 5_000);
    assertEquals(await alive([detached!, tree.pid]), [detached!]);
  },
);

linuxTest(
  "stopGroup() reports a descendant that left the group during the grace period",
  async () => {
    using folder = new TempFolder();
    await using tree = new ScriptLaunch(
      folder,
      // The descendant leaves the group only after the stop has begun.
      `trap "setsid sh -c 'echo \\$\\$; exec sleep 60' &" TERM; echo on >&2; while :; do sleep 0.02; done`,
    );
    await until(() => folder.read("launch.err") !== "");
    const outcome = await stopGroup(await tree.identity(), { signal: "SIGTERM", timeoutMs: 500 });
    const [detached] = await tree.pids(1);
    assertEquals(outcome, {
      killed: true,
      left: [],
      escaped: [{ pid: detached!, command: "sleep" }],
    });
    assertEquals(await alive([detached!]), [detached!]);
  },
);

unixTest("stopGroup() does not signal a process that reused the pid", async () => {
  using folder = new TempFolder();
  await using other = new ScriptLaunch(
    folder,
    'trap "echo signalled" TERM INT HUP; echo on; while :; do sleep 0.02; done',
  );
  await other.said("on");
  const identity = await other.identity();
  for (
    const recorded of [
      { ...identity, start_time: `${identity.start_time}0` },
      { ...identity, start_time: "" },
      { ...identity, boot_id: "another" },
    ]
  ) {
    const { value, ms } = await timed(() => stopGroup(recorded, { ...TERM, timeoutMs: 50 }));
    assertEquals(value, GONE);
    assertLess(ms, 5_000);
    assertEquals(await groupIsEmpty(recorded), true);
  }
  assertEquals(await alive([other.pid]), [other.pid]);
  assertEquals(folder.read("launch.out"), "on\n");
});

unixTest("stopGroup() does not wait for a descendant that holds the log open", async () => {
  using folder = new TempFolder();
  await using tree = new ScriptLaunch(
    folder,
    `sh -c 'trap "" TERM; while :; do echo x; sleep 0.02; done' & wait`,
  );
  await tree.said("x");
  const { value, ms } = await timed(async () =>
    await stopGroup(await tree.identity(), {
      signal: "SIGTERM",
      timeoutMs: 200,
      exited: tree.exited,
    })
  );
  assertEquals(value.left, []);
  assertLess(ms, 3_000);
});

unixTest("stopGroup() sends no signal after it is abandoned", async () => {
  using folder = new TempFolder();
  await using server = new ScriptLaunch(
    folder,
    'trap "echo asked" TERM; echo on; while :; do sleep 0.02; done',
  );
  await server.said("on");
  for (const [round, exited] of [server.exited, undefined].entries()) {
    const abandoned = new AbortController();
    const startedAt = performance.now();
    const stopping = stopGroup(await server.identity(), {
      signal: "SIGTERM",
      timeoutMs: 20_000,
      abandon: abandoned.signal,
      exited,
    });
    const rejected = assertRejects(() => stopping, DOMException);
    await until(() => folder.read("launch.out").split("asked").length === round + 2);
    abandoned.abort();
    await rejected;
    assertLess(performance.now() - startedAt, 10_000);
  }
  assert((await alive([server.pid])).length === 1);
});
