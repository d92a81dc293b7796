import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { HaleError } from "../../../src/errors.ts";
import { RotatingLog } from "../../../src/logs/rotate/rotating_log.ts";
import { lastLines } from "../../../src/logs/read/last_lines.ts";
import { LogReader } from "../../../src/logs/read/log_reader.ts";
import { tail } from "../../../src/logs/read/tail.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

const LIMITS = { max_size_bytes: 1, keep: 100 };

Deno.test("tail() finds the last lines from any byte on when the log was rotated any number of times", () => {
  const line = fc.oneof(
    { weight: 9, arbitrary: fc.string({ unit: fc.constantFrom(..."a ü🦀"), maxLength: 40 }) },
    { weight: 1, arbitrary: fc.nat(90_000).map((length) => "ü".repeat(length / 4)) },
  );
  const logs = fc.array(line, { maxLength: 60, size: "max" });
  const cuts = fc.array(fc.nat(60_000), { maxLength: 4 });
  fc.assert(
    fc.property(logs, fc.boolean(), fc.nat(70), fc.nat(60), cuts, (
      lines,
      ended,
      count,
      skip,
      cuts,
    ) => {
      using folder = new TempFolder();
      const path = folder.join("stdout.log");
      const bytes = encode(lines.map((each) => `${each}\n`).join("") + (ended ? "" : "rest"));
      writeRotated(path, bytes, cuts);
      const from = encode(lines.slice(0, skip).map((each) => `${each}\n`).join("")).length;
      const all = [...lines.slice(skip), ...(ended ? [] : ["rest"])];
      const expected = count === 0 ? [] : all.slice(-count);
      using log = new LogReader(path);
      assertEquals(lastLines(log, count, { from }), expected);
      const found = tail(log, count, { from });
      assertEquals({ lines: found.lines, unfinished: found.unfinished }, {
        lines: expected.length,
        unfinished: !ended && count > 0,
      });
      assertEquals(found.end.generation + found.end.offset, bytes.length - (ended ? 0 : 4));
    }),
    { numRuns: 60 },
  );
});

Deno.test("tail() reads the whole log when it is shorter than `from`", () => {
  using folder = new TempFolder();
  const path = folder.write("stdout.log", "a\nb\n");
  using log = new LogReader(path);
  assertEquals(lastLines(log, 5, { from: 4 }), []);
  assertEquals(lastLines(log, 5, { from: 5 }), ["a", "b"]);
});

Deno.test("tail() returns no lines when there is no log", () => {
  using folder = new TempFolder();
  using log = new LogReader(folder.join("no", "stdout.log"));
  const nowhere = { generation: 0, offset: 0 };
  assertEquals(tail(log, 5), { start: nowhere, end: nowhere, lines: 0, unfinished: false });
});

Deno.test("tail() reads little when the log is huge", () => {
  using folder = new TempFolder();
  // A sparse file of 8 GiB, which needs almost no disk space.
  const path = folder.write("stdout.log", "first\n");
  Deno.truncateSync(path, 8 * 1024 ** 3);
  Deno.writeTextFileSync(path, "\none\ntwo\n", { append: true });
  class CountingReader extends LogReader {
    bytes = 0;
    override readAt(number: number, offset: number, buffer: Uint8Array): Uint8Array {
      const read = super.readAt(number, offset, buffer);
      this.bytes += read.length;
      return read;
    }
  }
  using log = new CountingReader(path);
  assertEquals(lastLines(log, 2, {}), ["one", "two"]);
  assert(log.bytes > 0 && log.bytes < 200_000, `${log.bytes}`);
});

Deno.test("tail() names the path when the log cannot be read", () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  Deno.mkdirSync(path);
  for (const [count, code] of [[1, "store_io"], [-1, "usage"], [1.5, "usage"]] as const) {
    using log = new LogReader(path);
    let thrown: unknown;
    try {
      tail(log, count);
    } catch (error) {
      thrown = error;
    }
    assert(thrown instanceof HaleError);
    assertEquals(thrown.code, code);
    const message = code === "store_io"
      ? `Could not read the log at ${path}: ${
        (thrown.cause as Error).message
      }. Check its owner and mode.`
      : `${count} is not a line count. Give a whole number of 0 or more.`;
    assertEquals(thrown.message, message);
  }
});

/** Writes a log that is rotated at each cut. */
function writeRotated(path: string, bytes: Uint8Array, cuts: readonly number[]): void {
  const log = RotatingLog.open(path);
  for (const cut of [...cuts, Infinity]) {
    Deno.writeFileSync(path, bytes.subarray(0, cut), { append: true });
    bytes = bytes.subarray(cut);
    if (cut !== Infinity) log.rotateByRename({ ...LIMITS, max_size_bytes: 10_000_000 });
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
