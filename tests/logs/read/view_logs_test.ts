import { assertEquals } from "@std/assert";
import { RotatingLog } from "../../../src/logs/rotate/rotating_log.ts";
import { viewLogs, type ViewLogsOptions } from "../../../src/logs/read/view_logs.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

/** Start time: the tests write a number of milliseconds after it. */
const NOON = Date.UTC(2026, 0, 31, 12, 0, 0);
const LIMITS = { max_size_bytes: 1_000, keep: 5 };

Deno.test("viewLogs() sorts the lines of several logs by the samples", () => {
  using logs = new TimedLogs("a", "b");
  logs.write("a", "a1\na2\n", 0);
  logs.write("b", "b1\n", 2_000);
  logs.write("a", "a3\n", 3_000);
  logs.write("b", "b2\n", 3_000);
  logs.write("a", "a4\n", 9_000, { sampled: false });
  assertEquals(logs.view(), ["a1", "a2", "b1", "a3", "b2", "a4"]);
});

Deno.test("viewLogs() returns the last lines of each group when a log was rotated", () => {
  using logs = new TimedLogs("out", "err", "other");
  logs.write("out", "1\n2\n", 0);
  logs.write("err", "3\n", 1_000);
  logs.rotate("out");
  logs.write("out", "4\n", 2_000);
  logs.write("other", "x\ny\nz\n", 1_500);
  const groups = [["out", "err"], ["other"]];
  assertEquals(logs.view({ lines: 3 }, groups), ["2", "3", "x", "y", "z", "4"]);
  assertEquals(logs.view({ lines: 1 }, groups), ["z", "4"]);
  assertEquals(logs.view({ lines: 0 }, groups), []);
  assertEquals(logs.view({ lines: 99 }, groups).length, 7);
});

Deno.test("viewLogs() sorts by the times at the start of lines when they are possible", () => {
  using logs = new TimedLogs("a", "b", "far");
  // One sample for all lines.
  logs.write("a", "2026-01-31T12:00:01Z a1\n  its trace\n2026-01-31T12:00:03Z a2\n", 4_000);
  logs.write("b", "2026-01-31 12:00:02 UTC b1\n2026-01-31T14:00:03.500+02:00 b2\n", 4_000);
  // Not a time of writing.
  logs.write("far", "1990-01-31T12:00:00Z f1\n", 500);
  logs.write("far", "1990-01-31T12:00:00Z f2\n", 4_000);
  const lines = logs.view().map((line) => line.replace(/^[12][^abf]*/, ""));
  assertEquals(lines, ["f1", "a1", "  its trace", "b1", "a2", "b2", "f2"]);
});

Deno.test("viewLogs() returns the lines since a time", () => {
  using logs = new TimedLogs("a", "b");
  logs.write("a", "a1\na2\n", 0);
  logs.write("a", "a3\nhalf", 2_000);
  logs.rotate("a");
  logs.write("a", " a line\na5\n", 4_000);
  logs.write("b", "b1\n", 1_000);
  const since = (ms: number, lines: number | null = null) => logs.view({ since: NOON + ms, lines });
  assertEquals(since(-1), ["a1", "a2", "b1", "a3", "half a line", "a5"]);
  assertEquals(since(500), ["b1", "a3", "half a line", "a5"]);
  assertEquals(since(1_500), ["a3", "half a line", "a5"]);
  assertEquals(since(2_500), ["half a line", "a5"]);
  assertEquals(since(2_500, 1), ["a5"]);
  assertEquals(since(4_500), []);
});

Deno.test("viewLogs() omits lines when their own time is older", () => {
  using logs = new TimedLogs("a");
  const lines = [1, 2, 3].map((second) => `2026-01-31T12:00:0${second}Z line`);
  logs.write("a", lines.join("\n") + "\n", 4_000);
  assertEquals(logs.view({ since: NOON + 1_500, lines: null }), lines.slice(1));
});

Deno.test("viewLogs() returns where to follow from", () => {
  using logs = new TimedLogs("a", "b");
  logs.write("a", "one\ntwo\nthr", 0);
  const { lines, ends } = viewLogs([logs.all], { lines: 2, since: null, unfinished: false });
  assertEquals(Array.from(lines, ({ line }) => line), ["two"]);
  assertEquals([...ends.values()], [{ generation: 0, offset: 8 }, { generation: 0, offset: 0 }]);
  assertEquals(logs.view({ lines: 2 }), ["two", "thr"]);
});

Deno.test("viewLogs() sorts by modification times when a log has no index", () => {
  using logs = new TimedLogs("a", "b");
  logs.write("a", "a2\n", 2_000, { sampled: false });
  logs.writeFile("a.log.1", "a1\n", 0);
  logs.write("b", "b1\n", 1_000, { sampled: false });
  assertEquals(logs.view(), ["a1", "b1", "a2"]);
  assertEquals(logs.view({ since: NOON + 500, lines: null }), ["b1", "a2"]);
});

/** Logs with times that the test sets. */
class TimedLogs implements Disposable {
  readonly #folder = new TempFolder();
  readonly #logs: ReadonlyMap<string, { readonly path: string; readonly log: RotatingLog }>;

  constructor(...names: string[]) {
    this.#logs = new Map(names.map((name) => {
      const path = this.#folder.join(`${name}.log`);
      return [name, { path, log: RotatingLog.open(path) }];
    }));
  }

  get all(): readonly { readonly path: string }[] {
    return [...this.#logs.values()];
  }

  /** `sampled`: whether the supervisor takes a sample afterwards. */
  write(name: string, text: string, ms: number, { sampled = true } = {}): void {
    this.writeFile(`${name}.log`, text, ms);
    const { log } = this.#logs.get(name)!;
    if (sampled) log.note(log.inspect()!);
  }

  writeFile(file: string, text: string, ms: number): void {
    const path = this.#folder.join(file);
    Deno.writeTextFileSync(path, text, { append: true });
    Deno.utimeSync(path, (NOON + ms) / 1_000, (NOON + ms) / 1_000);
  }

  rotate(name: string): void {
    this.#logs.get(name)!.log.rotateByRename(LIMITS);
  }

  view(
    options: Partial<ViewLogsOptions> = {},
    groups: string[][] = [...this.#logs.keys()].map((name) => [name]),
  ): string[] {
    const logs = groups.map((names) => names.map((name) => this.#logs.get(name)!));
    const { lines } = viewLogs(logs, { lines: 100, since: null, unfinished: true, ...options });
    return Array.from(lines, ({ line }) => line);
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}
