import { assert, assertEquals } from "@std/assert";
import { ProgressLine, renderProgress } from "../../../src/cli/render/progress.ts";
import { displayWidth } from "../../../src/cli/render/width.ts";
import { captureOutput } from "../captured_output.ts";

const HALF = { received: 50_000_000, total: 100_000_000, elapsedMs: 2000 };

Deno.test("renderProgress() shows bar, bytes, rate and time left when half is received", () => {
  assertEquals(
    renderProgress(HALF, 45),
    "━━━━━─────  50 MB of 100 MB  25 MB/s  2s left",
  );
});

Deno.test("renderProgress() shows the time taken when all is received", () => {
  assertEquals(
    renderProgress({ ...HALF, received: HALF.total }, 42),
    "━━━━━━━━  100 MB of 100 MB  50 MB/s  in 2s",
  );
});

Deno.test("renderProgress() shows no bar and no time left when the total is unknown", () => {
  assertEquals(renderProgress({ ...HALF, total: null }, 80), "50 MB  25 MB/s");
});

Deno.test("renderProgress() shows no rate when no time has passed", () => {
  assertEquals(renderProgress({ received: 0, total: 100, elapsedMs: 0 }, 20), "0 B of 100 B");
});

Deno.test("renderProgress() stays within any width", () => {
  for (let width = 15; width < 120; width++) {
    const line = renderProgress(HALF, width);
    assert(displayWidth(line) <= width, `${width}: ${line}`);
  }
});

Deno.test("renderProgress() excludes bytes present at the start from the rate", () => {
  assertEquals(
    renderProgress({ ...HALF, startedWith: 40_000_000 }, 45),
    "━━━━━─────  50 MB of 100 MB  5 MB/s  10s left",
  );
});

function updates(line: ProgressLine, clock: { now: number }): void {
  for (let received = 0; received <= 100; received++) {
    line.update("engine", { received, total: 100 });
    clock.now += 10;
  }
  line.finish();
}

Deno.test("ProgressLine redraws at most ten times a second when it is on a terminal", () => {
  const { output, stderr } = captureOutput({ stderrIsTerminal: true, noColor: true });
  const clock = { now: 1000 };
  updates(new ProgressLine(output, () => clock.now), clock);
  const frames = stderr().split("\r\x1b[2K").slice(1);
  // One second: a frame at its beginning, ten more, and the last state.
  assertEquals(frames.length, 12);
  assert(frames[0]!.endsWith("0 B of 100 B"), frames[0]);
  assert(frames.at(-1)!.endsWith("100 B of 100 B  100 B/s  in 1s\n"), frames.at(-1));
  assert(frames.every((frame) => displayWidth(frame.trimEnd()) < 80), stderr());
});

Deno.test("ProgressLine.clear() erases the line until the next update", () => {
  const { output, stderr } = captureOutput({ stderrIsTerminal: true, noColor: true });
  const line = new ProgressLine(output, () => 0);
  line.clear();
  line.update("engine", { received: 1, total: null });
  line.clear();
  output.note("another line");
  line.update("engine", { received: 2, total: null });
  assertEquals(
    stderr(),
    "\r\x1b[2Kengine  1 B\r\x1b[2Kanother line\n\r\x1b[2Kengine  2 B",
  );
});

Deno.test("ProgressLine writes nothing without a terminal or when the output is quiet", () => {
  for (const options of [{}, { stderrIsTerminal: true, quiet: true }]) {
    const { output, stderr } = captureOutput(options);
    const clock = { now: 0 };
    updates(new ProgressLine(output, () => clock.now), clock);
    assertEquals(stderr(), "");
  }
});

Deno.test("ProgressLine writes nothing when nothing was transferred", () => {
  const { output, stderr } = captureOutput({ stderrIsTerminal: true });
  const line = new ProgressLine(output);
  line.clear();
  line.finish();
  assertEquals(stderr(), "");
});
