import { assert, assertEquals } from "@std/assert";
import { createDownloadDisplay } from "../../src/cli/download_display.ts";
import type { DownloadProgress } from "../../src/resolve/resolution.ts";
import { captureOutput } from "./captured_output.ts";

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

Deno.test("createDownloadDisplay() shows a line for each download when it is on no terminal", () => {
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

Deno.test("createDownloadDisplay() says that it waits, once, and why it tries again", () => {
  const { output, stderr } = captureOutput();
  const display = createDownloadDisplay(output);
  display.update(progress("one", 0, { phase: "waiting" }));
  display.update(progress("one", 0, { phase: "waiting" }));
  const detail = "the server answered 503; trying again in 0.3 s";
  display.update(progress("one", 0, { phase: "retrying", detail }));
  display.update(progress("one", 0, { phase: "unpacking" }));
  assertEquals(
    stderr(),
    `one is being downloaded already; waiting for it\none: ${detail}\n`,
  );
});

Deno.test("createDownloadDisplay() says nothing when the output is quiet", () => {
  const { output, stderr } = captureOutput({ stderrIsTerminal: true, quiet: true });
  const display = createDownloadDisplay(output);
  display.update(progress("one", 50));
  display.update(progress("one", 0, { phase: "waiting" }));
  display.finish();
  assertEquals(stderr(), "");
});
