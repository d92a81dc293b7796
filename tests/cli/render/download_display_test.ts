import { assert, assertEquals, assertMatch } from "@std/assert";
import { createDownloadDisplay } from "../../../src/cli/render/download_display.ts";
import type { DownloadProgress } from "../../../src/resolve/download/download_progress.ts";
import { captureOutput } from "../captured_output.ts";

function progress(
  asset: string,
  received: number,
  rest: Partial<DownloadProgress> = {},
): DownloadProgress {
  return {
    phase: "downloading",
    asset,
    url: `https://releases.example/${asset}`,
    received,
    total: 100,
    startedAt: 0,
    startedWith: 0,
    ...rest,
  };
}

Deno.test("createDownloadDisplay() shows one bar for all downloads when it is on a terminal", () => {
  const { output, stderr } = captureOutput({ stderrIsTerminal: true, noColor: true });
  const clock = { now: 0 };
  const display = createDownloadDisplay(output, () => clock.now);
  display.update(progress("one", 0));
  clock.now = 1000;
  display.update(progress("two", 20));
  clock.now = 2000;
  display.update(progress("one", 60));
  display.finish();
  const frames = stderr().split("\r\x1b[2K").slice(1);
  assert(frames[0]!.startsWith("downloading one  "), frames[0]);
  assert(frames[1]!.startsWith("downloading 2 files  "), frames[1]);
  assert(frames[1]!.includes("20 B of 200 B  20 B/s"), frames[1]);
  assert(frames.at(-1)!.includes("80 B of 200 B  40 B/s"), frames.at(-1));
  assertEquals(stderr().split("\n").length, 2);
});

Deno.test("createDownloadDisplay() writes a line for each download without a terminal", () => {
  const { output, stderr } = captureOutput();
  const display = createDownloadDisplay(output);
  for (const received of [0, 50, 100]) {
    display.update(progress("one", received));
    display.update(progress("two", received, { total: null }));
  }
  display.clear();
  display.finish();
  assertEquals(stderr(), "downloading one (100 B)\ndownloading two\n");
});

Deno.test("createDownloadDisplay() reports once that it waits, and every retry with its reason", () => {
  const { output, stderr } = captureOutput();
  const display = createDownloadDisplay(output);
  display.update(progress("one", 0, { phase: "waiting" }));
  display.update(progress("one", 0, { phase: "waiting" }));
  const detail = "the server answered 503; trying again in 0.3 s";
  display.update(progress("one", 0, { phase: "retrying", detail }));
  display.update(progress("one", 0, { phase: "unpacking" }));
  assertEquals(
    stderr(),
    `one: another process is downloading it; waiting\none: ${detail}\n`,
  );
  const detailed = captureOutput({ verbose: true });
  createDownloadDisplay(detailed.output).update(progress("one", 0, { phase: "unpacking" }));
  assertEquals(detailed.stderr(), "unpacking one\n");
});

Deno.test("createDownloadDisplay() writes nothing when the output is quiet", () => {
  const { output, stderr } = captureOutput({ stderrIsTerminal: true, quiet: true });
  const display = createDownloadDisplay(output);
  display.update(progress("one", 50));
  display.update(progress("one", 0, { phase: "waiting" }));
  display.finish();
  assertEquals(stderr(), "");
});

/** A display on a terminal with a fake clock. */
function onTerminal() {
  const { output, stderr } = captureOutput({ stderrIsTerminal: true, noColor: true });
  const clock = { now: 0 };
  const display = createDownloadDisplay(output, () => clock.now);
  return {
    display,
    /** Updates once a second, so that each update is drawn. */
    show: (next: DownloadProgress) => {
      clock.now += 1000;
      display.update(next);
    },
    frames: () => stderr().split("\r\x1b[2K").slice(1),
  };
}

Deno.test("createDownloadDisplay() draws the bar again below a message about one download", () => {
  const { display, show, frames } = onTerminal();
  show(progress("one", 40));
  show(progress("two", 10));
  show(progress("one", 0, { phase: "retrying", detail: "it broke off; trying again in 0.2 s" }));
  // The retried download continues, and the other one still counts.
  show(progress("one", 60));
  show(progress("three", 0, { phase: "waiting" }));
  show(progress("two", 100));
  show(progress("one", 100));
  display.finish();
  const shown = frames();
  assertEquals(shown.filter((frame) => frame.includes("\n")).map((frame) => frame.split("\n")[0]), [
    "one: it broke off; trying again in 0.2 s",
    "three: another process is downloading it; waiting",
    shown.at(-1)!.split("\n")[0],
  ]);
  const bars = shown.filter((frame) => frame.startsWith("downloading"));
  assertEquals(
    bars.map((frame) => /^downloading (.+?) {2}.*?(\d+) B of (\d+) B/.exec(frame)!.slice(1)),
    [
      ["one", "40", "100"],
      ["2 files", "50", "200"],
      ["2 files", "70", "200"],
      ["2 files", "160", "200"],
      ["2 files", "200", "200"],
      ["2 files", "200", "200"],
    ],
  );
  // The final line shows the time taken, not the time left.
  assertMatch(bars.at(-1)!, /200 B of 200 B {2}[\d.]+ B\/s {2}in \d+s\n$/);
});

Deno.test("createDownloadDisplay() shows no total while one of several downloads has none", () => {
  const { show, frames } = onTerminal();
  show(progress("one", 40));
  show(progress("two", 10, { total: null }));
  show(progress("two", 20));
  const [, without, withTotal] = frames();
  assertMatch(without!, /^downloading 2 files {2}50 B {2}\d+ B\/s$/);
  assertMatch(withTotal!, /60 B of 200 B/);
});

Deno.test("createDownloadDisplay() excludes bytes of an earlier attempt from the rate", () => {
  const { show, frames } = onTerminal();
  show(progress("one", 50, { startedWith: 50 }));
  show(progress("one", 60, { startedWith: 50 }));
  assertMatch(frames().at(-1)!, /60 B of 100 B {2}10 B\/s {2}4s left$/);
});

Deno.test("createDownloadDisplay() writes copying when the source is a local file", () => {
  const { output, stderr } = captureOutput();
  createDownloadDisplay(output).update(progress("one", 0, { url: "file:///srv/mirror/one" }));
  assertEquals(stderr(), "copying one (100 B)\n");
});
