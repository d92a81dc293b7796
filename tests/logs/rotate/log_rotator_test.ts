import { assert, assertEquals, assertGreater, assertLess, assertObjectMatch } from "@std/assert";
import type { LogsSpec } from "../../../src/model/service_spec.ts";
import { followLogs } from "../../../src/logs/read/follow_logs.ts";
import {
  indexPath,
  inspectFile,
  numberedPath,
  rotatedNumbers,
} from "../../../src/logs/layout/log_files.ts";
import { LogRotator } from "../../../src/logs/rotate/log_rotator.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";
import { numbersIn, wholeText, writeNumbers } from "./numbered_writer.ts";

const LIMITS: LogsSpec = { max_size_bytes: 5_000, keep: 1_000, reopen_signal: null };

unixTest("LogRotator rotates what a program holds open, and loses next to nothing", async () => {
  await using test = new Keeping();
  const LINES = 15_000;
  const program = writeNumbers(test.path, { lines: LINES, perMs: 5 });
  test.hold(program);
  test.keeper.start();
  await program.status;
  const { numbers, cut } = numbersIn(wholeText(test.path));
  assertGreater(rotatedNumbers(test.path).length, 4);
  // Nearly always none, as the bench tells. A loaded machine may take this program off its processor in
  // the window of a copy; whoever loses a file that was rotated away loses far more.
  assertLess(LINES - numbers.length, LINES / 10);
  assert(cut <= LINES - numbers.length);
});

unixTest(
  "LogRotator holds the disk to its limits while a program writes as fast as it can",
  async () => {
    const limits = { ...LIMITS, max_size_bytes: 1_000_000, keep: 3 };
    await using test = new Keeping();
    const program = writeNumbers(test.path, { lines: 1_000_000_000 });
    test.hold(program, limits);
    test.keeper.start();
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
    // What is written during a copy comes on top.
    assertLess(most, 5_000_000);
    assertLess(rotated().length, 4);
  },
);

unixTest("LogRotator.prepare() loses nothing at the boundary between two launches", async () => {
  await using test = new Keeping();
  const LAUNCHES = 30;
  const begins: number[] = [];
  for (let launch = 0; launch < LAUNCHES; launch++) {
    begins.push(test.keeper.prepare(test.path, LIMITS));
    await writeNumbers(test.path, { lines: 300, from: launch * 300 }).status;
    // The last words of a launch are its own, wherever its log is by then.
    for (const [index, begin] of begins.entries()) {
      if (index < launch - 3) continue;
      const last = test.keeper.tail(test.path, 1_000_000, begin);
      assertEquals(last[0], `line ${index * 300}`);
      assertEquals(last.length, (launch - index + 1) * 300);
    }
  }
  const { numbers, cut } = numbersIn(wholeText(test.path));
  assertEquals({ numberCount: numbers.length, cut }, { numberCount: LAUNCHES * 300, cut: 0 });
  assertGreater(rotatedNumbers(test.path).length, 5);
});

Deno.test("LogRotator.offsetOf() tells where a byte is in the file that is written to", async () => {
  await using test = new Keeping();
  const { keeper, path } = test;
  Deno.writeTextFileSync(path, "x".repeat(5_000));
  assertEquals(keeper.prepare(path, LIMITS), 5_000);
  assertEquals(keeper.offsetOf(path, 5_000), 0);
  Deno.writeTextFileSync(path, "abc", { append: true });
  assertEquals(keeper.prepare(path, LIMITS), 5_003);
  assertEquals(keeper.offsetOf(path, 5_003), 3);
  assertEquals(keeper.offsetOf(path, 5), 0);
});

/** Opens its standard output anew when it gets SIGHUP, as a daemon does with its log. */
const REOPENS = `trap 'exec >>"$0"' HUP; exec >>"$0"
  i=0; while [ $i -lt 2000 ]; do
    echo "line $i"; i=$((i + 1)); [ $((i % 2)) -eq 0 ] && sleep 0.001
  done`;

unixTest("LogRotator loses nothing of a program that opens its log anew", async () => {
  const limits = { ...LIMITS, max_size_bytes: 2_000, reopen_signal: "SIGHUP" } as const;
  await using test = new Keeping();
  const program = new Deno.Command("/bin/sh", { args: ["-c", REOPENS, test.path] }).spawn();
  test.hold(program, limits);
  test.keeper.start();
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
  assertGreater(test.reopened, 1);
  const { numbers, cut } = numbersIn(wholeText(test.path));
  assertEquals({ numberCount: numbers.length, cut }, { numberCount: 2_000, cut: 0 });
  assertEquals(numbersIn(shown.join("\n") + "\n").numbers, numbers);
});

unixTest("LogRotator goes back to copying when a program does not open its log anew", async () => {
  const limits = { ...LIMITS, max_size_bytes: 2_000, reopen_signal: "SIGUSR1" } as const;
  await using test = new Keeping();
  const program = new Deno.Command("/bin/sh", {
    args: ["-c", `trap '' USR1; ${REOPENS}; exec sleep 60`, test.path],
  }).spawn();
  const { inode } = await until(() => inspectFile(test.path));
  test.hold(program, limits);
  test.keeper.start();
  // It has its own file back, and what was in it stands in others: that is a copy.
  await until(() =>
    test.stubborn > 0 && inspectFile(test.path)?.inode === inode &&
    rotatedNumbers(test.path).length > 0
  );
  // All are written at once: a copy that is held up by a loaded machine may lose some in its window.
  await until(() => numbersIn(wholeText(test.path)).numbers.length > 1_000);
  assertObjectMatch(test, { stubborn: 1, reopened: 1 });
  program.kill("SIGKILL");
  await program.status;
});

unixTest(
  "LogRotator tells once what it cannot do, leaves the service alone, and tries again",
  async () => {
    await using test = new Keeping();
    using held = Deno.openSync(test.path, { append: true, create: true });
    held.writeSync(new TextEncoder().encode("x".repeat(6_000)));
    Deno.mkdirSync(indexPath(test.path));
    assertEquals(test.keeper.prepare(test.path, LIMITS), 6_000);
    assertEquals(test.keeper.offsetOf(test.path, 6_000), 6_000);
    const [problem, ...more] = test.problems;
    assertEquals({ path: problem?.path, moreCount: more.length }, {
      path: test.path,
      moreCount: 0,
    });
    assert(String(problem?.error).includes("Could not rotate the log"));
    Deno.removeSync(indexPath(test.path));
    assertEquals(test.keeper.prepare(test.path, LIMITS), 6_000);
  },
);

Deno.test("LogRotator ends at once, also while it copies", async () => {
  const limits = { ...LIMITS, max_size_bytes: 60_000_000 };
  await using test = new Keeping();
  Deno.writeTextFileSync(test.path, "x".repeat(60_000_000));
  test.hold(null, limits);
  test.keeper.start();
  await until(() => inspectFile(`${test.path}.copy`) !== null);
  await test.keeper[Symbol.asyncDispose]();
  const sizes = [test.path, `${test.path}.1`].map((path) => inspectFile(path)?.size ?? 0);
  assertEquals([sizes[0]! + sizes[1]!, inspectFile(`${test.path}.copy`)], [60_000_000, null]);
});

/** A keeper of one log. */
class Keeping implements AsyncDisposable {
  readonly folder = new TempFolder();
  readonly path = this.folder.join("stdout.log");
  readonly problems: { path: string; error: unknown }[] = [];
  readonly #ended = new AbortController();
  readonly signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(20_000)]);
  /** How often the program was asked to open its log anew, and how often it did not. */
  reopened = 0;
  stubborn = 0;
  #held: { program: Deno.ChildProcess | null; limits: LogsSpec } | null = null;
  readonly keeper: LogRotator;

  constructor() {
    this.keeper = new LogRotator({
      held: () => this.#logs(),
      onProblem: (path, error) => this.problems.push({ path, error }),
    });
  }

  /** From now on a program holds the log open. */
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
        this.reopened++;
        program?.kill(signal as Deno.Signal);
        return Promise.resolve(true);
      },
      notReopened: () => void this.stubborn++,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.keeper[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}
