import { assertEquals, assertGreaterOrEqual, assertLess, assertRejects } from "@std/assert";
import { probe } from "../../../src/health/probe.ts";
import type { ProbeLaunch } from "../../../src/health/types.ts";
import { alive } from "../../fixtures/script_launch.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { linuxTest, unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

function launchIn(folder: TempFolder): ProbeLaunch {
  return {
    cwd: folder.path,
    env: { PATH: "/usr/bin:/bin", TOKEN: "sesame" },
    stdoutPath: folder.join("out"),
    stderrPath: folder.join("err"),
    stdoutOffset: 0,
    stderrOffset: 0,
  };
}

function exec(folder: TempFolder, script: string, options: {
  timeoutMs?: number;
  signal?: AbortSignal;
} = {}) {
  const check = { kind: "exec", command: ["/bin/sh", "-c", script] } as const;
  return probe(check, { timeoutMs: 5_000, launch: launchIn(folder), ...options });
}

unixTest("probe() of exec is healthy when the command exits with 0", async () => {
  using folder = new TempFolder();
  assertEquals(await exec(folder, "echo fine; echo really >&2"), { kind: "healthy", body: {} });
});

unixTest("probe() of exec runs in the folder and environment of the service", async () => {
  using folder = new TempFolder();
  assertEquals((await exec(folder, 'pwd -P >seen; echo "$TOKEN $HOME" >>seen')).kind, "healthy");
  assertEquals(folder.read("seen"), `${folder.path}\nsesame \n`);
});

unixTest("probe() of exec reports the exit status and the end of standard error", async () => {
  using folder = new TempFolder();
  const cases = [
    ["echo not yet >&2; exit 3", "/bin/sh exited with code 3: not yet"],
    ["exit 1", "/bin/sh exited with code 1"],
    ["kill -KILL $$", "/bin/sh was killed by SIGKILL"],
  ] as const;
  for (const [script, reason] of cases) {
    assertEquals(await exec(folder, script), { kind: "unhealthy", reason, runtime: null });
  }
});

unixTest("probe() of exec keeps only the end of a long standard error", async () => {
  using folder = new TempFolder();
  const script = "i=0; while [ $i -lt 9000 ]; do echo line $i >&2; i=$((i+1)); done; exit 1";
  const result = await exec(folder, script);
  const { reason } = result as Extract<typeof result, { reason: string }>;
  assertEquals(reason.endsWith("\nline 8999"), true);
  assertLess(reason.length, 600);
});

unixTest(
  "probe() of exec returns not_run and the reason when the command cannot be run",
  async () => {
    using folder = new TempFolder();
    folder.write("data", "not a program");
    folder.write("script", "#!/no/such/interpreter\n");
    Deno.chmodSync(folder.join("script"), 0o755);
    async function reasonOf(program: string, launch: Partial<ProbeLaunch> = {}) {
      const check = { kind: "exec", command: [program] } as const;
      const options = { timeoutMs: 1_000, launch: { ...launchIn(folder), ...launch } };
      const result = await probe(check, options);
      assertEquals(result.kind, "not_run");
      const { reason } = result as Extract<typeof result, { reason: string }>;
      return reason.replace("the health check could not be run: ", "");
    }
    assertEquals(await reasonOf("no-such-program"), "there is no program no-such-program in PATH");
    assertEquals(await reasonOf("/no/such/file"), "there is no file /no/such/file");
    assertEquals(await reasonOf(folder.join("data")), `${folder.join("data")} is not executable`);
    assertEquals(
      await reasonOf(folder.join("script")),
      `the interpreter in the first line of ${folder.join("script")} does not exist`,
    );
    const cwd = folder.join("missing");
    assertEquals(await reasonOf("/bin/sh", { cwd }), `the folder ${cwd} does not exist`);
  },
);

for (
  const [what, script] of [
    ["takes too long", "echo $$ >pids; exec sleep 60"],
    ["ignores signals", 'trap "" TERM INT HUP; echo $$ >pids; while :; do sleep 0.1; done'],
    ["has a child that holds its output", "sleep 60 & echo $! $$ >pids; wait"],
  ] as const
) {
  unixTest(`probe() of exec returns at its deadline when the command ${what}`, async () => {
    using folder = new TempFolder();
    const startedAt = performance.now();
    const result = await exec(folder, script, { timeoutMs: 300 });
    const ms = performance.now() - startedAt;
    assertEquals(result, {
      kind: "timeout",
      reason: "/bin/sh did not exit within 300ms",
      runtime: null,
    });
    assertGreaterOrEqual(ms, 295);
    assertLess(ms, 2_000);
    const pids = folder.read("pids").trim().split(" ").map(Number);
    await until(async () => (await alive(pids)).length === 0);
  });
}

unixTest("probe() of exec kills what the command left running", async () => {
  using folder = new TempFolder();
  const startedAt = performance.now();
  const result = await exec(folder, "sleep 60 & echo $! >pids; exit 0");
  assertEquals(result.kind, "healthy");
  assertLess(performance.now() - startedAt, 2_000);
  await until(async () => (await alive([Number(folder.read("pids"))])).length === 0);
});

linuxTest(
  "probe() of exec ends a descendant that left the group, without waiting for it",
  async () => {
    using folder = new TempFolder();
    const startedAt = performance.now();
    const result = await exec(
      folder,
      "setsid sh -c 'echo $$ >pids; exec sleep 60' & while [ ! -s pids ]; do :; done; exit 5",
    );
    assertEquals(result, {
      kind: "unhealthy",
      reason: "/bin/sh exited with code 5",
      runtime: null,
    });
    assertLess(performance.now() - startedAt, 2_000);
    assertEquals(await alive([Number(folder.read("pids"))]), []);
  },
);

unixTest("probe() of exec kills the command when it is aborted", async () => {
  using folder = new TempFolder();
  const aborted = new AbortController();
  const probing = exec(folder, "echo $$ >pids; exec sleep 60", {
    timeoutMs: 60_000,
    signal: aborted.signal,
  });
  const rejected = assertRejects(() => probing, Error, "enough");
  const pid = Number(await until(() => folder.read("pids") || null));
  aborted.abort(new Error("enough"));
  await rejected;
  await until(async () => (await alive([pid])).length === 0);
});
