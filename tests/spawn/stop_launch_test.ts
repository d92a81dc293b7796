import { assert, assertEquals, assertGreaterOrEqual, assertLess, assertRejects } from "@std/assert";
import { inspectProcesses } from "../../src/platform/mod.ts";
import { identify } from "../../src/spawn/identify.ts";
import { LaunchTrace } from "../../src/spawn/launch_trace.ts";
import { stopLaunch, type StopLaunchOptions } from "../../src/spawn/stop_launch.ts";
import { alive, ScriptLaunch } from "../fixtures/script_launch.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { linuxTest, unixTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";

const TERM: StopLaunchOptions = { signal: "SIGTERM", timeoutMs: 10_000, leftoversMs: 5_000 };
const GONE = { killed: false, killedOutside: [], left: [] };
const KILLED = { ...GONE, killed: true };

async function timed<T>(run: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const startedAt = performance.now();
  const value = await run();
  return { value, ms: performance.now() - startedAt };
}

unixTest("stopLaunch() returns as soon as a program exits on the signal", async () => {
  using folder = new TempFolder();
  await using server = new ScriptLaunch(
    folder,
    'trap "echo bye; exit 7" TERM; echo on; while :; do sleep 0.02; done',
  );
  await server.said("on");
  const { exited } = server;
  const { value, ms } = await timed(async () =>
    await stopLaunch(await server.trace(), { ...TERM, exited })
  );
  assertEquals(value, GONE);
  assertEquals(await exited, { exit_code: 7, signal: null });
  assertEquals(folder.read("launch.out"), "on\nbye\n");
  assertLess(ms, 5_000);
});

unixTest("stopLaunch() sends the configured signal", async () => {
  using folder = new TempFolder();
  await using server = new ScriptLaunch(
    folder,
    'trap "" TERM; trap "exit 9" INT; echo on; while :; do sleep 0.02; done',
  );
  await server.said("on");
  assertEquals(await stopLaunch(await server.trace(), { ...TERM, signal: "SIGINT" }), GONE);
  assertEquals(await server.exited, { exit_code: 9, signal: null });
});

for (const isChild of [true, false]) {
  unixTest(
    `stopLaunch() kills a program that ignores the signal after the grace period (${
      isChild ? "child" : "adopted"
    })`,
    async () => {
      using folder = new TempFolder();
      await using server = new ScriptLaunch(
        folder,
        'trap "" TERM; echo on; while :; do sleep 0.02; done',
      );
      await server.said("on");
      const trace = await server.trace();
      const stopping = timed(() =>
        stopLaunch(trace, {
          ...TERM,
          timeoutMs: 400,
          ...(isChild ? { exited: server.exited } : {}),
        })
      );
      const exited = timed(() => server.exited);
      const { value, ms } = await stopping;
      assertEquals(value, KILLED);
      assertEquals((await exited).value, { exit_code: null, signal: "SIGKILL" });
      assertGreaterOrEqual((await exited).ms, 395);
      assertLess(ms, 3_000);
    },
  );
}

unixTest("stopLaunch() stops a process tree of three levels", async () => {
  using folder = new TempFolder();
  await using tree = new ScriptLaunch(
    folder,
    `sh -c 'sh -c "sleep 60 & echo \\$!; echo \\$\\$; wait" & echo $!; wait' & echo $!; wait`,
  );
  const pids = await tree.pids(4);
  assertEquals((await alive(pids)).length, 4);
  assertEquals(await stopLaunch(await tree.trace(), TERM), GONE);
  assertEquals(await alive([tree.pid, ...pids]), []);
});

unixTest(
  "stopLaunch() kills a member that ignores the signal after the leader exited",
  async () => {
    using folder = new TempFolder();
    await using tree = new ScriptLaunch(
      folder,
      `sh -c 'trap "" TERM; echo $$; while :; do sleep 0.02; done' & wait`,
    );
    const [member] = await tree.pids(1);
    const { exited } = tree;
    const { value, ms } = await timed(async () =>
      await stopLaunch(await tree.trace(), { ...TERM, timeoutMs: 400, exited })
    );
    assertEquals(value, KILLED);
    assertGreaterOrEqual(ms, 395);
    assertEquals(await alive([member!]), []);
    assertEquals((await exited).signal, "SIGTERM");
  },
);

unixTest("stopLaunch() stops members that outlived the leader", async () => {
  using folder = new TempFolder();
  const script = 'sleep 60 & echo "$!"; sleep 60 & echo "$!"';
  await using tree = new ScriptLaunch(folder, script, { marked: true });
  const pids = await tree.pids(2);
  await tree.exited;
  assertEquals(await stopLaunch(await tree.trace(), TERM), GONE);
  assertEquals(await alive(pids), []);
});

unixTest("stopLaunch() does nothing when the group has already exited", async () => {
  using folder = new TempFolder();
  await using ended = new ScriptLaunch(folder, ":");
  await ended.exited;
  const { exited } = ended;
  assertEquals(await stopLaunch(await ended.trace(), { ...TERM, exited }), GONE);
  assertEquals(await stopLaunch(await ended.trace(), TERM), GONE);
});

linuxTest("stopLaunch() treats a zombie leader as exited", async () => {
  using folder = new TempFolder();
  await using parent = new ScriptLaunch(
    folder,
    // The leader of another session. Its parent never waits for it.
    "setsid sh -c 'echo $$; exec sleep 60' & exec sleep 60",
  );
  const [leader] = await parent.pids(1);
  const trace = new LaunchTrace("zombie", {
    pidFile: folder.join("none"),
    leader: await identify(leader!),
  });
  const { value, ms } = await timed(() => stopLaunch(trace, TERM));
  assertEquals(value, GONE);
  assertLess(ms, 5_000);
  assertEquals((await inspectProcesses([leader!])).get(leader!)?.zombie, true);
  assertEquals(await stopLaunch(trace, TERM), GONE);
});

/** How a process that left the group is proven. Each is the only proof. */
const PROOFS: Readonly<Record<string, { script: string; options: object }>> = {
  "was seen as a descendant": {
    script: "setsid sh -c 'echo $$; exec sleep 60' & wait",
    options: {},
  },
  "has the launch in its environment": {
    script: "(setsid sh -c 'echo $$; exec sleep 60' 8>&- &) & wait; sleep 60 & wait",
    options: { env: true },
  },
  "holds the launch's descriptor": {
    script: "(env -i /usr/bin/setsid sh -c 'echo $$; exec sleep 60' &) & wait; sleep 60 & wait",
    options: { marked: true },
  },
};

for (const [proof, { script, options }] of Object.entries(PROOFS)) {
  linuxTest(`stopLaunch() ends a process that left the group and ${proof}`, async () => {
    using folder = new TempFolder();
    const env: Record<string, string> = "env" in options ? { HALE_LAUNCH: "test-env-1" } : {};
    await using tree = new ScriptLaunch(folder, script, { ...options, env });
    const [detached] = await tree.pids(1);
    const trace = "env" in options
      ? new LaunchTrace("test-env-1", { pidFile: tree.pidFile, leader: await tree.identity() })
      : await tree.trace();
    await until(async () => (await trace.find()).outside.length > 0);
    assertEquals(await stopLaunch(trace, { ...TERM, exited: tree.exited }), GONE);
    assertEquals(await alive([detached!, tree.pid]), []);
  });
}

linuxTest("stopLaunch() kills a process that left the group and ignores the signal", async () => {
  using folder = new TempFolder();
  await using tree = new ScriptLaunch(
    folder,
    `setsid sh -c 'trap "" TERM; echo $$; while :; do sleep 0.05; done' & wait`,
    { marked: true },
  );
  const [detached] = await tree.pids(1);
  const outcome = await stopLaunch(await tree.trace(), { ...TERM, leftoversMs: 300 });
  assertEquals(outcome.killed, false);
  assert(outcome.killedOutside.some(({ pid }) => pid === detached));
  assertEquals(outcome.left, []);
  assertEquals(await alive([detached!, tree.pid]), []);
});

linuxTest("stopLaunch() ends a descendant that leaves the group during the stop", async () => {
  using folder = new TempFolder();
  await using tree = new ScriptLaunch(
    folder,
    // The descendant leaves the group only after the stop has begun.
    `trap "setsid sh -c 'echo \\$\\$; exec sleep 60' &" TERM; echo on >&2; while :; do sleep 0.02; done`,
    { marked: true },
  );
  await until(() => folder.read("launch.err") !== "");
  assertEquals(await stopLaunch(await tree.trace(), { ...TERM, timeoutMs: 500 }), KILLED);
  const [detached] = await tree.pids(1);
  assertEquals(await alive([detached!]), []);
});

linuxTest("stopLaunch() leaves a process alone that only reads the launch's pid file", async () => {
  using folder = new TempFolder();
  await using tree = new ScriptLaunch(folder, "exec sleep 60", { marked: true });
  await tree.identity();
  await using reader = new ScriptLaunch(folder, `echo on; exec sleep 60 <"${tree.pidFile}"`, {
    name: "reader",
  });
  await reader.said("on");
  assertEquals(await stopLaunch(await tree.trace(), TERM), GONE);
  assertEquals(await alive([tree.pid, reader.pid]), [reader.pid]);
});

linuxTest("stopLaunch() leaves a launch alone that was started from within", async () => {
  using folder = new TempFolder();
  Deno.mkdirSync(folder.join("launches"));
  // As a supervisor of another home does that is itself a service.
  const nested = folder.join("launches", "nested-1.pid");
  await using tree = new ScriptLaunch(
    folder,
    `HALE_LAUNCH=nested-1 setsid sh -c 'exec 8>>"${nested}"; echo $$; exec sleep 60' & wait`,
    { marked: true },
  );
  const [other] = await tree.pids(1);
  assertEquals(await stopLaunch(await tree.trace(), TERM), GONE);
  assertEquals(await alive([tree.pid, other!]), [other!]);
});

linuxTest("stopLaunch() does not signal a group whose id was reused by a stranger", async () => {
  using folder = new TempFolder();
  // The stranger called setsid, forked and exited: only its worker is in the group.
  await using stranger = new ScriptLaunch(folder, 'sleep 60 & echo "$!"');
  const [worker] = await stranger.pids(1);
  await stranger.exited;
  const leader = { ...await stranger.identity(), start_time: "1" };
  const trace = new LaunchTrace("test-reused", { pidFile: folder.join("none"), leader });
  assertEquals(await stopLaunch(trace, TERM), GONE);
  assertEquals(await alive([worker!]), [worker!]);
});

unixTest("stopLaunch() continues a stopped program after the signal", async () => {
  using folder = new TempFolder();
  await using server = new ScriptLaunch(
    folder,
    'trap "echo bye; exit 7" TERM; echo on; while :; do sleep 0.02; done',
  );
  await server.said("on");
  Deno.kill(server.pid, "SIGSTOP");
  assertEquals(await stopLaunch(await server.trace(), TERM), GONE);
  assertEquals(await server.exited, { exit_code: 7, signal: null });
});

unixTest("stopLaunch() does not signal a process that reused the pid", async () => {
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
    const trace = new LaunchTrace(other.id, { pidFile: folder.join("none"), leader: recorded });
    const { value, ms } = await timed(() => stopLaunch(trace, { ...TERM, timeoutMs: 50 }));
    assertEquals(value, GONE);
    assertLess(ms, 5_000);
  }
  assertEquals(await alive([other.pid]), [other.pid]);
  assertEquals(folder.read("launch.out"), "on\n");
});

unixTest("stopLaunch() does not wait for a descendant that holds the log open", async () => {
  using folder = new TempFolder();
  await using tree = new ScriptLaunch(
    folder,
    `sh -c 'trap "" TERM; while :; do echo x; sleep 0.02; done' & wait`,
  );
  await tree.said("x");
  const { value, ms } = await timed(async () =>
    await stopLaunch(await tree.trace(), {
      ...TERM,
      timeoutMs: 200,
      exited: tree.exited,
    })
  );
  assertEquals(value.left, []);
  assertLess(ms, 3_000);
});

unixTest("stopLaunch() sends no signal after it is abandoned", async () => {
  using folder = new TempFolder();
  await using server = new ScriptLaunch(
    folder,
    'trap "echo asked" TERM; echo on; while :; do sleep 0.02; done',
  );
  await server.said("on");
  for (const [round, exited] of [server.exited, undefined].entries()) {
    const abandoned = new AbortController();
    const startedAt = performance.now();
    const stopping = stopLaunch(await server.trace(), {
      ...TERM,
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
