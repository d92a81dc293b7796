import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { copyAndTruncate } from "../../../src/logs/rotate/copy_and_truncate.ts";
import { RotatingLog } from "../../../src/logs/rotate/rotating_log.ts";
import {
  copyPath,
  inspectFile,
  numberedPath,
  rotatedNumbers,
} from "../../../src/logs/layout/log_files.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { SmallDisk } from "../../../scripts/fault/small_disk.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { numbersIn, wholeText, writeNumbers } from "./numbered_writer.ts";

const LIMITS = { max_size_bytes: 1_000, keep: 3 };
const { signal } = new AbortController();

Deno.test("copyAndTruncate() keeps the file of the program and moves its contents to the newest rotated file", async () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  const log = RotatingLog.open(path);
  using held = Deno.openSync(path, { append: true, create: true });
  const write = (text: string) => held.writeSync(new TextEncoder().encode(text));
  for (let round = 1; round <= 5; round++) {
    write(`round ${round}\n`);
    await copyAndTruncate(log, LIMITS, signal);
  }
  write("last\n");
  assertEquals(wholeText(path), "round 3\nround 4\nround 5\nlast\n");
  assertEquals(log.layout, { base: 40, older: [32, 24, 16] });
  assertEquals(Deno.statSync(numberedPath(path, 1)).mode! & 0o077, 0);
});

Deno.test("copyAndTruncate() keeps only the last lines when the log is much too large", async () => {
  using folder = new TempFolder();
  const path = folder.write("stdout.log", "0123456789\n".repeat(1_000));
  const log = RotatingLog.open(path);
  await copyAndTruncate(log, LIMITS, signal);
  const kept = wholeText(path);
  assertEquals(kept, "0123456789\n".repeat(295));
  assertEquals(log.layout, { base: 11_000, older: [11_000 - kept.length] });
});

Deno.test("copyAndTruncate() keeps nothing when keep is 0", async () => {
  using folder = new TempFolder();
  const path = folder.write("stdout.log", "one\n");
  const log = RotatingLog.open(path);
  await copyAndTruncate(log, LIMITS, signal);
  Deno.writeTextFileSync(path, "two\n");
  await copyAndTruncate(log, { ...LIMITS, keep: 0 }, signal);
  assertEquals([wholeText(path), rotatedNumbers(path)], ["", []]);
  assertEquals(log.layout, { base: 8, older: [] });
});

Deno.test("copyAndTruncate() does not change the log when it is cancelled or cannot copy", async () => {
  using folder = new TempFolder();
  const path = folder.write("stdout.log", "one\n");
  const log = RotatingLog.open(path);
  await copyAndTruncate(log, LIMITS, AbortSignal.abort());
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["stdout.log"]);
  assertEquals(wholeText(path), "one\n");
  Deno.mkdirSync(copyPath(path));
  let thrown: unknown;
  await copyAndTruncate(log, LIMITS, signal).catch((error) => thrown = error);
  assert(thrown instanceof Error);
  assertEquals(wholeText(path), "one\n");
});

Deno.test("copyAndTruncate() says that it emptied a log that fills its disk", async () => {
  using disk = SmallDisk.mount("600k");
  if (disk === null) return;
  const path = `${disk.path}/stdout.log`;
  const size = 450_000;
  Deno.writeTextFileSync(path, `${"x".repeat(99)}\n`.repeat(size / 100));
  const limits = { max_size_bytes: 100_000, keep: 2 };
  const error = await copyAndTruncate(RotatingLog.open(path), limits, signal);
  assertEquals(
    error?.message,
    `Emptied the log at ${path}: at ${size} bytes it was far above logs.max_size, and its disk had ` +
      "no space for a rotated copy. Lower logs.max_size or logs.keep, or free disk space.",
  );
  assertEquals(wholeText(path), "");
});

Deno.test("copyAndTruncate() does nothing when there is no log", async () => {
  using folder = new TempFolder();
  const path = folder.join("stdout.log");
  await copyAndTruncate(RotatingLog.open(path), LIMITS, signal);
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

/**
 * Most lines that each rotation may lose: those written in a few microseconds, and a few more if a
 * loaded machine delays the copy at that moment.
 */
const SPEEDS = [
  { name: "as fast as it can", writer: { lines: 150_000 }, mostLost: 500 },
  { name: "thousands of lines a second", writer: { lines: 5_000, perMs: 5 }, mostLost: 20 },
];
for (const { name, writer, mostLost } of SPEEDS) {
  unixTest(`copyAndTruncate() loses almost nothing when a program writes ${name}`, async () => {
    using folder = new TempFolder();
    const path = folder.join("stdout.log");
    const log = RotatingLog.open(path);
    const program = writeNumbers(path, writer);
    let hasExited = false;
    const exited = program.status.then(() => hasExited = true);
    let rotations = 0;
    while (!hasExited) {
      if ((inspectFile(path)?.size ?? 0) > 500) {
        await copyAndTruncate(log, { max_size_bytes: 100_000, keep: 10_000 }, signal);
        rotations++;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await exited;
    const { numbers, cut } = numbersIn(wholeText(path));
    assertGreater(rotations, 5);
    // The other lines exist once and in order: `numbersIn` checks that they rise.
    const lost = writer.lines - numbers.length;
    assertLess(lost, rotations * mostLost, `${lost} of ${writer.lines}, ${rotations} rotations`);
    assert(cut <= lost);
  });
}
