import { assert, assertEquals, assertGreater, assertLess, assertObjectMatch } from "@std/assert";
import type { LogsSpec } from "../../../src/model/service_spec.ts";
import { followLogs } from "../../../src/logs/read/follow_logs.ts";
import {
  indexPath,
  inspectFile,
  numberedPath,
  rotatedNumbers,
} from "../../../src/logs/layout/log_files.ts";
import { readIndex } from "../../../src/logs/layout/index_file.ts";
import { LogRotator } from "../../../src/logs/rotate/log_rotator.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";
import { numbersIn, wholeText, writeNumbers } from "./numbered_writer.ts";

const LIMITS: LogsSpec = { max_size_bytes: 5_000, keep: 1_000, reopen_signal: null };

unixTest(
  "LogRotator rotates a log that a program holds open, and loses almost nothing",
  async () => {
    await using test = new RotatorTest();
    const LINES = 15_000;
    const program = writeNumbers(test.path, { lines: LINES, perMs: 5 });
    test.hold(program);
    test.rotator.start();
    await program.status;
    const { numbers, cut } = numbersIn(wholeText(test.path));
    assertGreater(rotatedNumbers(test.path).length, 4);
    // Nearly always none, as the benchmark shows. A loaded machine may suspend this process between
    // copy and truncation. The loss of a whole rotated file would be far more.
    assertLess(LINES - numbers.length, LINES / 10);
    assert(cut <= LINES - numbers.length);
  },
);

unixTest(
  "LogRotator keeps the log within its limits when a program writes as fast as it can",
  async () => {
    const limits = { ...LIMITS, max_size_bytes: 1_000_000, keep: 3 };
    await using test = new RotatorTest();
    const program = writeNumbers(test.path, { lines: 1_000_000_000 });
    test.hold(program, limits);
    test.rotator.start();
    let most = 0;
    const rotated = () =>
      rotatedNumbers(test.path).map((number) => numberedPath(test.path, number));
    await until(() => rotated().length > 0);
    const deadline = performance.now() + 1_500;
    await until(() => {
      const sizes = rotated().map((path) => inspectFile(path)?.size ?? 0);
      most = Math.max(most, sizes.reduce((sum, size) => sum + size, 0));
      return performance.now() > deadline;
    });
    program.kill("SIGKILL");
    await program.status;
    // Output during a copy comes on top.
    assertLess(most, 5_000_000);
    assertLess(rotated().length, 4);
  },
);

unixTest("LogRotator.prepare() loses nothing between two launches", async () => {
  await using test = new RotatorTest();
  const LAUNCHES = 30;
  const begins: number[] = [];
  for (let launch = 0; launch < LAUNCHES; launch++) {
    begins.push(test.rotator.prepare(test.path, LIMITS));
    await writeNumbers(test.path, { lines: 300, from: launch * 300 }).status;
    // The last lines of a launch are found in whichever file they are.
    for (const [index, begin] of begins.entries()) {
      if (index < launch - 3) continue;
      const last = test.rotator.tail(test.path, 1_000_000, begin);
      assertEquals(last[0], `line ${index * 300}`);
      assertEquals(last.length, (launch - index + 1) * 300);
    }
  }
  const { numbers, cut } = numbersIn(wholeText(test.path));
  assertEquals({ numberCount: numbers.length, cut }, { numberCount: LAUNCHES * 300, cut: 0 });
  assertGreater(rotatedNumbers(test.path).length, 5);
});

Deno.test("LogRotator.offsetOf() returns the offset of a byte in the current file", async () => {
  await using test = new RotatorTest();
  const { rotator, path } = test;
  Deno.writeTextFileSync(path, "x".repeat(5_000));
  assertEquals(rotator.prepare(path, LIMITS), 5_000);
  assertEquals(rotator.offsetOf(path, 5_000), 0);
  Deno.writeTextFileSync(path, "abc", { append: true });
  assertEquals(rotator.prepare(path, LIMITS), 5_003);
  assertEquals(rotator.offsetOf(path, 5_003), 3);
  assertEquals(rotator.offsetOf(path, 5), 0);
});

/** Reopens its standard output on SIGHUP, as a daemon does with its log. */
const REOPENS = `trap 'exec >>"$0"' HUP; exec >>"$0"
  i=0; while [ $i -lt 2000 ]; do
    echo "line $i"; i=$((i + 1)); [ $((i % 2)) -eq 0 ] && sleep 0.001
  done`;

unixTest("LogRotator loses nothing when a program reopens its log", async () => {
  const limits = { ...LIMITS, max_size_bytes: 2_000, reopen_signal: "SIGHUP" } as const;
  await using test = new RotatorTest();
  const program = new Deno.Command("/bin/sh", { args: ["-c", REOPENS, test.path] }).spawn();
  test.hold(program, limits);
  test.rotator.start();
  const shown: string[] = [];
  const finish = new AbortController();
  const following = (async () => {
    const logs = [{ path: test.path, from: { generation: 0, offset: 0 } }];
    for await (
      const { lines } of followLogs(logs, { signal: test.signal, finish: finish.signal })
    ) {
      shown.push(...lines);
    }
  })();
  await program.status;
  finish.abort();
  await following;
  assertGreater(test.reopenRequests, 1);
  const { numbers, cut } = numbersIn(wholeText(test.path));
  assertEquals({ numberCount: numbers.length, cut }, { numberCount: 2_000, cut: 0 });
  assertEquals(numbersIn(shown.join("\n") + "\n").numbers, numbers);
});

unixTest("LogRotator copies the log when a program does not reopen it", async () => {
  const limits = { ...LIMITS, max_size_bytes: 2_000, reopen_signal: "SIGUSR1" } as const;
  await using test = new RotatorTest();
  const program = new Deno.Command("/bin/sh", {
    args: ["-c", `trap '' USR1; ${REOPENS}; exec sleep 60`, test.path],
  }).spawn();
  const { inode } = await until(() => inspectFile(test.path));
  test.hold(program, limits);
  test.rotator.start();
  // The program has its file back, and there are rotated files: they are copies.
  await until(() =>
    test.notReopened > 0 && inspectFile(test.path)?.inode === inode &&
    rotatedNumbers(test.path).length > 0
  );
  // All lines are written at once, so a copy on a loaded machine may lose some.
  await until(() => numbersIn(wholeText(test.path)).numbers.length > 1_000);
  assertObjectMatch(test, { notReopened: 1, reopenRequests: 1 });
  program.kill("SIGKILL");
  await program.status;
});

unixTest(
  "LogRotator reports once that a log is gone when something removed or replaced it",
  async () => {
    const limits = { ...LIMITS, reopen_signal: "SIGUSR1" } as const;
    const cases = [
      { limits: LIMITS, act: (path: string) => Deno.removeSync(path) },
      { limits, act: (path: string) => Deno.removeSync(path) },
      {
        limits: LIMITS,
        act: (path: string) => {
          Deno.renameSync(path, `${path}.away`);
          Deno.writeTextFileSync(path, "new\n");
        },
      },
    ];
    for (const { limits, act } of cases) {
      await using test = new RotatorTest();
      using held = Deno.openSync(test.path, { append: true, create: true });
      held.writeSync(new TextEncoder().encode("x\n"));
      Deno.writeTextFileSync(numberedPath(test.path, 1), "older\n");
      test.hold(null, limits);
      test.rotator.start();
      // The rotator has seen the file once its time is in the index.
      await until(() => readIndex(test.path).samples.length > 0);
      act(test.path);
      await until(() => test.gone > 0);
      assertObjectMatch(test, { gone: 1, notReopened: 0, reopenRequests: 0 });
      // The file that was rotated before is not taken for the current one.
      assertEquals(wholeText(numberedPath(test.path, 1)), "older\n");
    }
  },
);

unixTest("LogRotator reports a failure once, does not throw, and retries", async () => {
  await using test = new RotatorTest();
  using held = Deno.openSync(test.path, { append: true, create: true });
  held.writeSync(new TextEncoder().encode("x".repeat(6_000)));
  Deno.mkdirSync(indexPath(test.path));
  assertEquals(test.rotator.prepare(test.path, LIMITS), 6_000);
  assertEquals(test.rotator.offsetOf(test.path, 6_000), 6_000);
  const [problem, ...more] = test.problems;
  assertEquals({ path: problem?.path, moreCount: more.length }, {
    path: test.path,
    moreCount: 0,
  });
  assert(String(problem?.error).includes("Could not rotate the log"));
  Deno.removeSync(indexPath(test.path));
  assertEquals(test.rotator.prepare(test.path, LIMITS), 6_000);
});

Deno.test("LogRotator closes at once, also during a copy", async () => {
  const limits = { ...LIMITS, max_size_bytes: 60_000_000 };
  await using test = new RotatorTest();
  Deno.writeTextFileSync(test.path, "x".repeat(60_000_000));
  test.hold(null, limits);
  test.rotator.start();
  await until(() => inspectFile(`${test.path}.copy`) !== null);
  await test.rotator[Symbol.asyncDispose]();
  const sizes = [test.path, `${test.path}.1`].map((path) => inspectFile(path)?.size ?? 0);
  assertEquals([sizes[0]! + sizes[1]!, inspectFile(`${test.path}.copy`)], [60_000_000, null]);
});

/** A {@linkcode LogRotator} of one log. */
class RotatorTest implements AsyncDisposable {
  readonly folder = new TempFolder();
  readonly path = this.folder.join("stdout.log");
  readonly problems: { path: string; error: unknown }[] = [];
  readonly #ended = new AbortController();
  readonly signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(20_000)]);
  /** How often the program was asked to reopen its log, and how often it did not. */
  reopenRequests = 0;
  notReopened = 0;
  /** How often the log was reported as gone. */
  gone = 0;
  #held: { program: Deno.ChildProcess | null; limits: LogsSpec } | null = null;
  readonly rotator: LogRotator;

  constructor() {
    this.rotator = new LogRotator({
      held: () => this.#logs(),
      onProblem: (path, error) => this.problems.push({ path, error }),
    });
  }

  /** Sets the program that holds the log open. */
  hold(program: Deno.ChildProcess | null, limits: LogsSpec = LIMITS): void {
    this.#held = { program, limits };
  }

  *#logs() {
    if (this.#held === null) return;
    const { program, limits } = this.#held;
    yield {
      path: this.path,
      limits,
      launch: "launch-1",
      reopen: (signal: string) => {
        this.reopenRequests++;
        program?.kill(signal as Deno.Signal);
        return Promise.resolve(true);
      },
      notReopened: () => void this.notReopened++,
      gone: () => void this.gone++,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.rotator[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}
