import { assertEquals, assertGreater } from "@std/assert";
import { copyAndTruncate } from "../../../src/logs/rotate/copy_and_truncate.ts";
import { RotatingLog } from "../../../src/logs/rotate/rotating_log.ts";
import type { LogPosition } from "../../../src/logs/layout/log_layout.ts";
import { LogReader } from "../../../src/logs/read/log_reader.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

const LIMITS = { max_size_bytes: 1_000, keep: 2 };
const START: LogPosition = { generation: 0, offset: 0 };

Deno.test("LogReader reads every byte once when the log is rotated in either way", async () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  const log = RotatingLog.open(path);
  using reader = new LogReader(path);
  let at = START;
  let expected = "";
  for (let round = 0; round < 20; round++) {
    // Sometimes there are two rotations between two reads.
    append(path, `round ${round}\n`);
    expected += `round ${round}\n`;
    if (round % 3 === 0) log.rotateByRename(LIMITS);
    if (round % 3 === 1) await copyAndTruncate(log, LIMITS, new AbortController().signal);
    if (round % 2 === 0) continue;
    const { text, next, missed } = readAll(reader, at);
    assertEquals([text, missed], [expected, false]);
    [at, expected] = [next, ""];
  }
});

Deno.test("LogReader sets missed and reads the rest when rotation removed the position", () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  const log = RotatingLog.open(path);
  using reader = new LogReader(path);
  append(path, "first\n");
  const { next: atEnd } = readAll(reader, START);
  for (const text of ["", "second\n", "third\n", "fourth\n"]) {
    append(path, text);
    log.rotateByRename(LIMITS);
  }
  append(path, "");
  assertEquals(readAll(reader, START), {
    text: "third\nfourth\n",
    next: { generation: 26, offset: 0 },
    missed: true,
  });
  assertEquals(readAll(reader, atEnd).missed, true);
  assertEquals(readAll(reader, { generation: 13, offset: 3 }).text, "rd\nfourth\n");
});

Deno.test("LogReader does not set missed when it had read all of a removed file", async () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  const log = RotatingLog.open(path);
  using reader = new LogReader(path);
  append(path, "first\n");
  const { next } = readAll(reader, START);
  await copyAndTruncate(log, { ...LIMITS, keep: 0 }, new AbortController().signal);
  append(path, "second\n");
  const { text, missed } = readAll(reader, next);
  assertEquals([text, missed], ["second\n", false]);
});

Deno.test("LogReader reads the renamed file until the program has reopened the log", () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  const log = RotatingLog.open(path);
  using held = Deno.openSync(path, { append: true, create: true });
  const write = (text: string) => held.writeSync(new TextEncoder().encode(text));
  using reader = new LogReader(path);
  write("first\n");
  let at = readAll(reader, START).next;
  log.rotateByRename(LIMITS);
  write("second\n");
  const between = readAll(reader, at);
  assertEquals(between.text, "second\n");
  write("third\n");
  append(path, "fourth\n");
  const after = readAll(reader, between.next);
  assertEquals(after.text, "third\nfourth\n");
  at = after.next;
  log.undoRename();
  assertEquals(readAll(reader, at).text, "");
});

Deno.test("LogReader starts again when another program truncates, replaces or removes the log", () => {
  using folder = new TempFolder();
  const path = folder.write("stdout.log", "first\n");
  using reader = new LogReader(path);
  let at = readAll(reader, START).next;
  const next = (): string => {
    const { text, next } = readAll(reader, at);
    at = next;
    return text;
  };
  Deno.truncateSync(path);
  append(path, "2\n");
  assertEquals(next(), "2\n");
  folder.write("other", "another of the same name\n");
  Deno.renameSync(folder.join("other"), path);
  assertEquals(next(), "another of the same name\n");
  Deno.removeSync(path);
  assertEquals(next(), "");
  append(path, "back, and longer than what was before it\n");
  assertEquals(next(), "back, and longer than what was before it\n");
});

Deno.test("LogReader.locate() returns the position of a byte", () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  const log = RotatingLog.open(path);
  for (const text of ["first\n", "second\n", "third\n"]) {
    append(path, text);
    log.rotateByRename(LIMITS);
  }
  append(path, "fourth\n");
  using reader = new LogReader(path);
  const found = [0, 6, 12, 13, 19, 26, 27].map((byte) => reader.locate(byte));
  assertEquals(found.map(({ generation, offset }) => [generation, offset]), [
    [6, 0],
    [6, 0],
    [6, 6],
    [13, 0],
    [19, 0],
    [19, 7],
    [19, 0],
  ]);
  assertEquals({ generation: reader.start().generation, end: reader.end() }, {
    generation: 6,
    end: { generation: 19, offset: 7 },
  });
});

Deno.test("LogReader repeats a read when a file was moved during it", () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  const log = RotatingLog.open(path);
  append(path, "first\n");
  let moves = 0;
  /** Moves a file during every read except the last one. */
  class MovingReader extends LogReader {
    override readAt(number: number, offset: number, buffer: Uint8Array): Uint8Array {
      if (moves++ < 3) {
        log.rotateByRename({ ...LIMITS, keep: 9 });
        append(path, `${moves}\n`);
      }
      return super.readAt(number, offset, buffer);
    }
  }
  using reader = new MovingReader(path);
  assertEquals(readAll(reader, START).text, "first\n1\n2\n3\n");
});

Deno.test("LogReader waits only once, briefly, when a supervisor was killed during a move", () => {
  using folder = new TempFolder();
  const path = folder.write("stdout.log", "first\n");
  folder.write("stdout.log.index", '{"moving":"copied","from":0}\n');
  using reader = new LogReader(path);
  const startedAt = performance.now();
  assertEquals(readAll(reader, START).text, "first\n");
  // It waited once.
  assertGreater(performance.now() - startedAt, 90);
  const again = performance.now();
  for (let round = 0; round < 20; round++) readAll(reader, START);
  assertGreater(100, performance.now() - again);
});

function readAll(
  reader: LogReader,
  from: LogPosition,
): { text: string; next: LogPosition; missed: boolean } {
  let text = "";
  let missed = false;
  for (;;) {
    // The buffer is small, so that several reads are needed.
    const read = reader.read(from, new Uint8Array(5));
    missed ||= read.missed;
    if (read.bytes.length === 0) return { text, next: read.next, missed };
    text += new TextDecoder().decode(read.bytes);
    from = read.next;
  }
}

function append(path: string, text: string): void {
  Deno.writeTextFileSync(path, text, { append: true });
}
