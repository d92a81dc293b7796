import { assert, assertEquals } from "@std/assert";
import { copyAndTruncate } from "../../../src/logs/rotate/copy_and_truncate.ts";
import { readIndex } from "../../../src/logs/layout/index_file.ts";
import { RotatingLog } from "../../../src/logs/rotate/rotating_log.ts";
import {
  copyPath,
  indexPath,
  inspectFile,
  rotatedNumbers,
} from "../../../src/logs/layout/log_files.ts";
import { lastLines } from "../../../src/logs/read/last_lines.ts";
import { LogReader } from "../../../src/logs/read/log_reader.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { killedAt } from "./killed_at.ts";
import { wholeText } from "./numbered_writer.ts";

const LIMITS = { max_size_bytes: 1_000, keep: 3 };
const { signal } = new AbortController();

Deno.test("RotatingLog.rotateByRename() keeps the newest files, at most `keep`", () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  const log = RotatingLog.open(path);
  for (let round = 0; round < 5; round++) {
    append(path, `round ${round}\n`);
    log.rotateByRename(LIMITS);
  }
  assertEquals(rotatedNumbers(path), [1, 2, 3]);
  assertEquals(wholeText(path), "round 2\nround 3\nround 4\n");
  assertEquals(log.layout, { base: 40, older: [32, 24, 16] });
  assertEquals(RotatingLog.open(path).layout, log.layout);
});

Deno.test("RotatingLog.rotateByRename() keeps at most the bytes of `keep` full files", () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  const log = RotatingLog.open(path);
  for (const size of [900, 1_000, 1_400, 1_800]) {
    append(path, "x".repeat(size));
    log.rotateByRename(LIMITS);
  }
  assertEquals(wholeText(path).length, 1_400 + 1_800);
});

Deno.test("RotatingLog.note() records when the log was written, at most once a second", () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  const log = RotatingLog.open(path);
  assertEquals(log.inspect(), null);
  for (const [text, at] of [["a\n", 5_000], ["b\n", 5_400], ["", 9_000], ["c\n", 9_500]] as const) {
    append(path, text);
    Deno.utimeSync(path, at / 1_000, at / 1_000);
    log.note(log.inspect()!);
  }
  const samples = [{ at: 5_000, end: 2 }, { at: 9_000, end: 4 }];
  assertEquals(readIndex(path).samples, samples);
  // The clock was set back.
  append(path, "d\n");
  Deno.utimeSync(path, 1, 1);
  const next = RotatingLog.open(path);
  next.note(next.inspect()!);
  assertEquals(readIndex(path).samples, [...samples, { at: 1_000, end: 8 }]);
});

Deno.test("RotatingLog continues its byte numbers when another program truncates or removes the log", () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  const log = RotatingLog.open(path);
  append(path, "one\n");
  log.inspect();
  Deno.truncateSync(path);
  append(path, "2\n");
  log.inspect();
  assertEquals({ end: log.end, base: log.layout.base }, { end: 6, base: 4 });
  Deno.removeSync(path);
  log.inspect();
  assertEquals({ end: log.end, base: log.layout.base }, { end: 6, base: 6 });
  assertEquals(RotatingLog.open(path).end, 6);
});

Deno.test("RotatingLog limits the size of its index and keeps the newest samples and the layout", () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  append(path, "x");
  const log = RotatingLog.open(path);
  log.note(log.inspect()!);
  log.rotateByRename(LIMITS);
  for (let second = 1; second < 12_000; second++) {
    append(path, "x");
    Deno.utimeSync(path, second * 10, second * 10);
    log.note(log.inspect()!);
  }
  assert(inspectFile(indexPath(path))!.size < 270_000);
  assertEquals(readIndex(path).samples.at(-1), { at: 119_990_000, end: 12_000 });
  assertEquals(RotatingLog.open(path).layout, log.layout);
});

Deno.test("RotatingLog.undoRename() restores the file that the program still writes to", () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  const log = RotatingLog.open(path);
  append(path, "first\n");
  log.rotateByRename(LIMITS);
  append(path, "second\n");
  using held = Deno.openSync(path, { append: true });
  log.rotateByRename(LIMITS);
  held.writeSync(new TextEncoder().encode("third\n"));
  assertEquals(log.undoRename(), true);
  held.writeSync(new TextEncoder().encode("fourth\n"));
  assertEquals(Deno.readTextFileSync(path), "second\nthird\nfourth\n");
  assertEquals({ rotatedNumbers: rotatedNumbers(path), layout: log.layout }, {
    rotatedNumbers: [1],
    layout: { base: 6, older: [0] },
  });
});

Deno.test("RotatingLog.undoRename() does nothing when the program has reopened the log", () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  const log = RotatingLog.open(path);
  assertEquals(log.undoRename(), false);
  append(path, "first\n");
  log.rotateByRename(LIMITS);
  append(path, "second\n");
  assertEquals(log.undoRename(), false);
  assertEquals(wholeText(path), "first\nsecond\n");
});

const MOVES: Record<string, (log: RotatingLog) => void | Promise<void>> = {
  rotateByRename: (log) => log.rotateByRename(LIMITS),
  copyAndTruncate: async (log) => void await copyAndTruncate(log, LIMITS, signal),
  undoRename: (log) => {
    log.rotateByRename(LIMITS);
    log.undoRename();
  },
};
for (const [name, move] of Object.entries(MOVES)) {
  Deno.test(`RotatingLog.open() completes or undoes a ${name} when it was interrupted at any step`, async () => {
    for (let count = 0, killed = true; killed; count++) {
      using folder = new TempFolder();
      const path = folder.join("stdout.log");
      const log = RotatingLog.open(path);
      for (const text of ["first\n", "second\n"]) {
        append(path, text);
        log.rotateByRename(LIMITS);
      }
      using held = Deno.openSync(path, { append: true, create: true });
      held.writeSync(new TextEncoder().encode("third\nthird again\n"));
      killed = await killedAt(count, () => move(log));
      held.writeSync(new TextEncoder().encode("fourth\n"));
      const next = RotatingLog.open(path);
      assertEquals(wholeText(path), "first\nsecond\nthird\nthird again\nfourth\n", `${count}`);
      assertEquals(inspectFile(copyPath(path)), null);
      assertEquals(rotatedNumbers(path).length, next.layout.older.length);
      using reader = new LogReader(path);
      assertEquals(lastLines(reader, 9, { from: 6 }), [
        "second",
        "third",
        "third again",
        "fourth",
      ]);
      assertEquals(lastLines(reader, 9, { from: 13 }), ["third", "third again", "fourth"]);
      assertEquals(readIndex(path).move, null);
    }
  });
}

Deno.test("RotatingLog.open() reads a log when its index is missing or invalid", () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  const log = RotatingLog.open(path);
  for (const text of ["first\n", "second\n"]) {
    append(path, text);
    log.rotateByRename(LIMITS);
  }
  append(path, "third\n");
  for (const text of [null, "", "no JSON\n", '{"base":13,"old']) {
    if (text === null) Deno.removeSync(indexPath(path));
    else Deno.writeTextFileSync(indexPath(path), text);
    using before = new LogReader(path);
    assertEquals(lastLines(before, 9, {}), ["first", "second", "third"]);
    const { base, older } = RotatingLog.open(path).layout;
    assertEquals([base, base - older[0]!, base - older[1]!], [0, 7, 13]);
    assertEquals(readIndex(path).whole, true);
  }
});

function append(path: string, text: string): void {
  Deno.writeTextFileSync(path, text, { append: true });
}
