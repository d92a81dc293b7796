import { assert, assertEquals } from "@std/assert";
import { ProgressLine, renderProgress } from "../../../src/cli/render/progress.ts";
import { displayWidth } from "../../../src/cli/render/width.ts";
import { captureOutput } from "../captured_output.ts";

const HALF = { received: 50_000_000, total: 100_000_000, elapsedMs: 2000 };

Deno.test("renderProgress() shows bar, bytes, rate and time left when half is there", () => {
  assertEquals(
    renderProgress(HALF, 45),
    "━━━━━─────  50 MB of 100 MB  25 MB/s  2s left",
  );
});

Deno.test("renderProgress() shows how long it took when all is there", () => {
  assertEquals(
    renderProgress({ ...HALF, received: HALF.total }, 42),
    "━━━━━━━━  100 MB of 100 MB  50 MB/s  in 2s",
  );
});

Deno.test("renderProgress() shows no bar and no time left when nobody says the size", () => {
  assertEquals(renderProgress({ ...HALF, total: null }, 80), "50 MB  25 MB/s");
});

Deno.test("renderProgress() shows no rate when no time has passed", () => {
  assertEquals(renderProgress({ received: 0, total: 100, elapsedMs: 0 }, 20), "0 B of 100 B");
});

Deno.test("renderProgress() stays within the width, whatever the width", () => {
  for (let width = 15; width < 120; width++) {
    const line = renderProgress(HALF, width);
    assert(displayWidth(line) <= width, `${width}: ${line}`);
  }
});

function updates(line: ProgressLine, clock: { now: number }): void {
  for (let received = 0; received <= 100; received++) {
    line.update(received, 100);
    clock.now += 10;
  }
  line.finish();
}

Deno.test("ProgressLine redraws at most ten times a second when it is on a terminal", () => {
  const { output, stderr } = captureOutput({ stderrIsTerminal: true, noColor: true });
  const clock = { now: 1000 };
  updates(new ProgressLine(output, "engine", () => clock.now), clock);
  const frames = stderr().split("\r\x1b[2K").slice(1);
  // One second: a frame at its beginning, ten more, and the last state.
  assertEquals(frames.length, 12);
  assert(frames[0]!.endsWith("0 B of 100 B"), frames[0]);
  assert(frames.at(-1)!.endsWith("100 B of 100 B  100 B/s  in 1s\n"), frames.at(-1));
  assert(frames.every((frame) => displayWidth(frame.trimEnd()) < 80), stderr());
});

Deno.test("ProgressLine prints one line when it is on no terminal", () => {
  const { output, stderr } = captureOutput();
  const clock = { now: 0 };
  updates(new ProgressLine(output, "engine 1.2", () => clock.now), clock);
  assertEquals(stderr(), "engine 1.2 (100 B)\n");
});

Deno.test("ProgressLine says nothing when the output is quiet", () => {
  const { output, stderr } = captureOutput({ stderrIsTerminal: true, quiet: true });
  const clock = { now: 0 };
  updates(new ProgressLine(output, "engine", () => clock.now), clock);
  assertEquals(stderr(), "");
});

Deno.test("ProgressLine says nothing when nothing was transferred", () => {
  const { output, stderr } = captureOutput({ stderrIsTerminal: true });
  new ProgressLine(output, "engine").finish();
  assertEquals(stderr(), "");
});
