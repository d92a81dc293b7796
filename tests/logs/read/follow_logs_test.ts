import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { copyAndTruncate } from "../../../src/logs/rotate/copy_and_truncate.ts";
import { HaleError } from "../../../src/errors.ts";
import { followLogs } from "../../../src/logs/read/follow_logs.ts";
import { RotatingLog } from "../../../src/logs/rotate/rotating_log.ts";
import { inspectFile } from "../../../src/logs/layout/log_files.ts";
import { LogReader } from "../../../src/logs/read/log_reader.ts";
import { tail } from "../../../src/logs/read/tail.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { numbersIn, wholeText, writeNumbers } from "../rotate/numbered_writer.ts";

const LIMITS = { max_size_bytes: 1_000, keep: 5 };
const START = { generation: 0, offset: 0 };

Deno.test("followLogs() yields existing lines and then each new line when it is complete", async () => {
  await using test = new Following();
  append(test.path, "one\ntwo\nthr");
  const next = test.follow();
  assertEquals(await next(2), ["one", "two"]);
  append(test.path, "ee\nfo");
  assertEquals(await next(1), ["three"]);
  append(test.path, "ur\n");
  assertEquals(await next(1), ["four"]);
});

Deno.test("followLogs() continues where tail() ended, also when that is within a line", async () => {
  await using test = new Following();
  append(test.path, "one\ntwo\nthr");
  using log = new LogReader(test.path);
  const next = test.follow([{ path: test.path, from: tail(log, 2).end }]);
  append(test.path, "ee\n");
  assertEquals(await next(1), ["three"]);
});

Deno.test("followLogs() returns the index of the log when there are several logs", async () => {
  await using test = new Following();
  const paths = ["a", "b", "c"].map((name) => test.folder.join(name, "stdout.log"));
  const found = test.followAll(paths.map((path) => ({ path, from: START })));
  const lines: [number, string][] = [];
  for (const [index, path] of [...paths.entries()].reverse()) {
    Deno.mkdirSync(test.folder.join("abc"[index]!));
    append(path, `of ${index}\n`);
    const { value } = await found.next();
    assert(value);
    for (const line of value.lines) lines.push([value.index, line]);
  }
  assertEquals(lines, [[2, "of 2"], [1, "of 1"], [0, "of 0"]]);
});

Deno.test("followLogs() waits when the folders of a log do not exist yet or were removed", async () => {
  await using test = new Following();
  const folder = test.folder.join("services", "api");
  const deep = test.folder.join("services", "api", "logs", "stdout.log");
  const next = test.follow([{ path: deep, from: START }]);
  const begin = performance.now();
  for (let round = 0; round < 5; round++) {
    const line = next(1);
    Deno.mkdirSync(test.folder.join("services", "api", "logs"), { recursive: true });
    append(deep, `${round}\n`);
    assertEquals(await line, [`${round}`]);
    Deno.removeSync(folder, { recursive: true });
  }
  // With file system events. Polling once a second would take five seconds.
  assertLess(performance.now() - begin, 3_500);
});

Deno.test("followLogs() yields every line once when the log is rotated in either way", async () => {
  await using test = new Following();
  const log = RotatingLog.open(test.path);
  const next = test.follow();
  for (let round = 0; round < 12; round++) {
    append(test.path, `${round} whole\n${round} cut `);
    if (round % 3 === 0) assertEquals(await next(1), [`${round} whole`]);
    if (round % 2 === 0) log.rotateByRename(LIMITS);
    else await copyAndTruncate(log, LIMITS, new AbortController().signal);
    append(test.path, "in two\n");
    assertEquals(
      await next(round % 3 === 0 ? 1 : 2),
      round % 3 === 0 ? [`${round} cut in two`] : [`${round} whole`, `${round} cut in two`],
    );
  }
});

Deno.test("followLogs() sets missed when rotation removed lines before they were read", async () => {
  await using test = new Following();
  const log = RotatingLog.open(test.path);
  append(test.path, "one\n");
  const found = test.followAll([{ path: test.path, from: START }]);
  assertEquals((await found.next()).value, { index: 0, lines: ["one"], missed: false });
  for (let round = 0; round < 7; round++) {
    append(test.path, `${round}\n`);
    log.rotateByRename(LIMITS);
  }
  append(test.path, "last\n");
  assertEquals((await found.next()).value, { index: 0, lines: ["2"], missed: true });
  assertEquals((await found.next()).value, { index: 0, lines: ["3"], missed: false });
});

unixTest(
  "followLogs() yields every kept line when the log of a program is rotated all the time",
  async () => {
    await using test = new Following();
    const LINES = 60_000;
    const log = RotatingLog.open(test.path);
    const found = test.followAll([{ path: test.path, from: START }]);
    const program = writeNumbers(test.path, { lines: LINES, perMs: 80 });
    let hasExited = false;
    const exited = program.status.then(() => hasExited = true);
    const rotating = (async () => {
      let rotations = 0;
      const { signal } = new AbortController();
      for (; !hasExited; await new Promise((resolve) => setTimeout(resolve, 1))) {
        if ((inspectFile(test.path)?.size ?? 0) < 1_000) continue;
        await copyAndTruncate(log, { max_size_bytes: 100_000, keep: 10_000 }, signal);
        rotations++;
      }
      return rotations;
    })();
    const lines: string[] = [];
    while (!lines.at(-1)?.endsWith(` ${LINES - 1}`)) {
      const { value } = await found.next();
      assert(value && !value.missed);
      lines.push(...value.lines);
    }
    await exited;
    assert(await rotating > 10);
    assertEquals(numbersIn(lines.join("\n") + "\n"), numbersIn(wholeText(test.path)));
  },
);

Deno.test("followLogs() ends without an error when the signal is aborted, also while it waits", async () => {
  await using test = new Following();
  append(test.path, "one\n");
  const stop = new AbortController();
  const logs = [{ path: test.path, from: START }];
  const lines = followLogs(logs, { signal: stop.signal });
  assertEquals((await lines.next()).value.lines, ["one"]);
  const waiting = lines.next();
  append(test.path, "unfinished"); // It is waiting now.
  stop.abort();
  assertEquals(await waiting, { value: undefined, done: true });
  assertEquals(await Array.fromAsync(followLogs(logs, { signal: stop.signal })), []);
});

Deno.test("followLogs() yields everything written so far and ends when `finish` is aborted", async () => {
  await using test = new Following();
  append(test.path, "one\n");
  const finish = new AbortController();
  const { signal } = test;
  const lines = followLogs([{ path: test.path, from: START }], { signal, finish: finish.signal });
  assertEquals((await lines.next()).value.lines, ["one"]);
  const waiting = lines.next();
  append(test.path, "two\nunfinished");
  finish.abort();
  const rest = [(await waiting).value, ...await Array.fromAsync(lines)];
  assertEquals(rest.flatMap(({ lines }) => lines), ["two", "unfinished"]);
});

Deno.test("followLogs() names the path when the log cannot be read", async () => {
  await using test = new Following();
  Deno.mkdirSync(test.path);
  let thrown: unknown;
  try {
    await Array.fromAsync(followLogs([{ path: test.path, from: START }], test));
  } catch (error) {
    thrown = error;
  }
  assert(thrown instanceof HaleError);
  assertEquals({ code: thrown.code, path: thrown.fields.path }, {
    code: "store_io",
    path: test.path,
  });
  assertStringIncludes(thrown.message, `Could not follow the log at ${test.path}: `);
});

/** A log that is followed. The test fails if a line does not come within ten seconds. */
class Following implements AsyncDisposable {
  readonly folder = new TempFolder();
  readonly path = this.folder.join("stdout.log");
  readonly #ended = new AbortController();
  readonly signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(10_000)]);
  readonly #followers: ReturnType<typeof followLogs>[] = [];

  followAll(logs: Parameters<typeof followLogs>[0]): ReturnType<typeof followLogs> {
    const lines = followLogs(logs, { signal: this.signal });
    this.#followers.push(lines);
    return lines;
  }

  /** Follows logs. The returned function waits for a number of lines and returns them. */
  follow(logs = [{ path: this.path, from: START }]): (count: number) => Promise<string[]> {
    const found = this.followAll(logs);
    let got: string[] = [];
    return async (count) => {
      while (got.length < count) {
        const { value, done } = await found.next();
        assert(!done, `no line came after ${JSON.stringify(got.at(-1))}`);
        got.push(...value.lines);
      }
      const lines = got.slice(0, count);
      got = got.slice(count);
      return lines;
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    for (const follower of this.#followers) await follower.return(undefined);
    this.folder[Symbol.dispose]();
  }
}

function append(path: string, text: string): void {
  Deno.writeTextFileSync(path, text, { append: true });
}
