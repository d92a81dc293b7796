/**
 * Measures rotating, reading and following logs, and the lines that copying and truncating loses:
 * `deno run -A scripts/bench/logs.ts`. Absolute times are noisy: compare figures within one run.
 *
 * @module
 */

import { join } from "@std/path";
import process from "node:process";
import { copyAndTruncate } from "../../src/logs/rotate/copy_and_truncate.ts";
import { followLogs } from "../../src/logs/read/follow_logs.ts";
import { RotatingLog } from "../../src/logs/rotate/rotating_log.ts";
import { lastLines } from "../../src/logs/read/last_lines.ts";
import { inspectFile, numberedPath, rotatedNumbers } from "../../src/logs/layout/log_files.ts";
import { type HeldLog, LogRotator } from "../../src/logs/rotate/log_rotator.ts";
import { LogReader } from "../../src/logs/read/log_reader.ts";
import { viewLogs } from "../../src/logs/read/view_logs.ts";
import { median } from "./median.ts";

const MIB = 1024 ** 2;
const LIMITS = { max_size_bytes: 10 * MIB, keep: 5, reopen_signal: null };
const folder = await Deno.makeTempDir({ prefix: "hale-bench-logs-" });
const rows: [string, string][] = [];
try {
  await measureLoss("as fast as it can", { lines: 10_000_000, perMs: 0, rotateAt: 10 * MIB });
  await measureLoss("100,000 lines a second", { lines: 400_000, perMs: 100, rotateAt: 100_000 });
  await measureLoss("10,000 lines a second", { lines: 60_000, perMs: 10, rotateAt: 10_000 });
  await measureRotator("idle", () => {});
  await measureRotator("that each write one line per second", (paths) => {
    for (const path of paths) Deno.writeTextFileSync(path, "a line of a log\n", { append: true });
  });
  await measureTail();
  await measureView();
  await measureFollow();
} finally {
  await Deno.remove(folder, { recursive: true });
}
const width = Math.max(...rows.map(([name]) => name.length));
for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);

/** Counts the numbered lines that are missing after many rotations of a log. */
async function measureLoss(
  name: string,
  { lines, perMs, rotateAt }: { lines: number; perMs: number; rotateAt: number },
): Promise<void> {
  const path = join(folder, `loss-${perMs}.log`);
  const log = RotatingLog.open(path);
  const { signal } = new AbortController();
  const program = writer(path, { lines, perMs });
  let over = false;
  program.status.then(() => over = true);
  const tookMs: number[] = [];
  for (; !over; await pause(5)) {
    if ((inspectFile(path)?.size ?? 0) < rotateAt) continue;
    const startedAt = performance.now();
    await copyAndTruncate(log, { max_size_bytes: 100 * MIB, keep: 10_000 }, signal);
    tookMs.push(performance.now() - startedAt);
  }
  let kept = 0;
  let carried = "";
  for (const number of [...rotatedNumbers(path).reverse(), 0]) {
    const pieces = (carried + await Deno.readTextFile(numberedPath(path, number))).split("\n");
    carried = pieces.pop()!;
    kept += pieces.filter((line) => /^line \d{12}$/.test(line)).length;
    await Deno.remove(numberedPath(path, number));
  }
  const lost = lines - kept;
  rows.push([
    `lines lost when a program writes ${name}`,
    `${lost} of ${lines} lines in ${tookMs.length} rotations of ${median(tookMs).toFixed(1)} ms`,
  ]);
}

/** Measures the CPU time of rotating 400 logs. */
async function measureRotator(
  name: string,
  eachSecond: (paths: readonly string[]) => void,
): Promise<void> {
  const paths = Array.from({ length: 400 }, (_, index) => join(folder, `kept-${index}.log`));
  for (const path of paths) await Deno.writeTextFile(path, "a line\n");
  const held = paths.map((path): HeldLog => ({
    path,
    limits: LIMITS,
    launch: "1",
    reopen: () => Promise.resolve(false),
    notReopened: () => {},
    gone: () => {},
  }));
  await using rotator = new LogRotator({
    held: () => held,
    onProblem: (_, error) => {
      throw error;
    },
  });
  rotator.start();
  await pause(6_000);
  const writing = setInterval(() => {
    const before = process.cpuUsage();
    eachSecond(paths);
    const spent = process.cpuUsage(before);
    writerUs += spent.user + spent.system;
  }, 1_000);
  let writerUs = 0;
  const before = process.cpuUsage();
  await pause(30_000);
  const { user, system } = process.cpuUsage(before);
  clearInterval(writing);
  rows.push([
    `CPU over 30 s with 200 services ${name}`,
    `${((user + system - writerUs) / 1e6).toFixed(3)} s`,
  ]);
}

/** Measures reading the last lines of 1 GiB. */
async function measureTail(): Promise<void> {
  const path = join(folder, "tail.log");
  await Deno.writeTextFile(path, "first\n");
  await Deno.truncate(path, 1024 * MIB);
  await Deno.writeTextFile(path, `\n${"a line of a log\n".repeat(1_000)}`, { append: true });
  const ours: number[] = [];
  const tail: number[] = [];
  for (let run = 0; run < 20; run++) {
    const startedAt = performance.now();
    using log = new LogReader(path);
    lastLines(log, 20, {});
    ours.push(performance.now() - startedAt);
    const tailAt = performance.now();
    await new Deno.Command("tail", { args: ["-n", "20", path] }).output();
    tail.push(performance.now() - tailAt);
  }
  await Deno.remove(path);
  rows.push([
    "the last 20 lines of 1 GiB",
    `${median(ours).toFixed(2)} ms (tail -n 20, with its start: ${median(tail).toFixed(2)} ms)`,
  ]);
}

/** Measures merging two logs of maximum size by the times of their lines. */
async function measureView(): Promise<void> {
  const logs = ["a", "b"].map((name) => ({ path: join(folder, `view-${name}.log`) }));
  for (const { path } of logs) {
    const log = RotatingLog.open(path);
    for (let number = 0; number < 6; number++) {
      const lines = Array.from(
        { length: 150_000 },
        (_, index) => `${new Date(Date.now() + index).toISOString()} a log line of a program\n`,
      );
      await Deno.writeTextFile(path, lines.join(""), { append: true });
      log.note(log.inspect()!);
      if (number < 5) log.rotateByRename(LIMITS);
    }
  }
  const startedAt = performance.now();
  const { lines } = viewLogs([logs], { lines: null, since: 0, unfinished: true });
  let count = 0;
  for (const _ of lines) count++;
  const seconds = (performance.now() - startedAt) / 1_000;
  rows.push(["two logs of 50 MB merged", `${seconds.toFixed(2)} s for ${count} lines`]);
}

/** Measures following a log with ten thousand lines a second. */
async function measureFollow(): Promise<void> {
  const path = join(folder, "follow.log");
  await Deno.writeTextFile(path, "");
  const LINES = 50_000;
  const stop = new AbortController();
  let count = 0;
  const before = process.cpuUsage();
  const following = (async () => {
    const logs = [{ path, from: { generation: 0, offset: 0 } }];
    for await (const { lines } of followLogs(logs, { signal: stop.signal })) {
      count += lines.length;
      if (count >= LINES) stop.abort();
    }
  })();
  await writer(path, { lines: LINES, perMs: 10 }).status;
  await following;
  const { user, system } = process.cpuUsage(before);
  rows.push([
    "CPU while following 10,000 lines a second",
    `${((user + system) / 1e6 / 5).toFixed(3)} s per second; received ${count} of ${LINES} lines`,
  ]);
}

/** A program that writes numbered lines with one write each, as services do. */
function writer(
  path: string,
  { lines, perMs }: { lines: number; perMs: number },
): Deno.ChildProcess {
  const script = `
    const encoder = new TextEncoder(), pause = new Int32Array(new SharedArrayBuffer(4));
    const startedAt = performance.now();
    for (let i = 0; i < ${lines}; i++) {
      Deno.stdout.writeSync(encoder.encode("line " + String(i).padStart(12, "0") + "\\n"));
      const due = ${perMs} === 0 ? 0 : startedAt + (i + 1) / ${perMs} - performance.now();
      if (due > 1) Atomics.wait(pause, 0, 0, due);
    }`;
  return new Deno.Command("/bin/sh", {
    args: ["-c", 'exec "$1" eval "$2" >>"$0"', path, Deno.execPath(), script],
    stdin: "null",
  }).spawn();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
