import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { Deadline } from "../../../src/resolve/download/deadline.ts";

const tooLate = () => new Error("too late");

function fired(signal: AbortSignal): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  signal.addEventListener("abort", () => resolve(signal.reason), { once: true });
  return promise;
}

Deno.test("Deadline aborts with its error when the limit expires, counted from the last restart", async () => {
  const startedAt = performance.now();
  using deadline = new Deadline(60, tooLate);
  await new Promise((resolve) => setTimeout(resolve, 30));
  deadline.restart();
  assertEquals(String(await fired(deadline.signal)), "Error: too late");
  assertGreaterOrEqual(performance.now() - startedAt, 85);
});

Deno.test("Deadline aborts with its parent's reason when that is aborted first", () => {
  const parent = new AbortController();
  using deadline = new Deadline(60_000, tooLate, parent.signal);
  using paused = new Deadline(60_000, tooLate, parent.signal);
  paused.pause();
  parent.abort("stop");
  assertEquals([deadline.signal.reason, paused.signal.reason], ["stop", "stop"]);
  using late = new Deadline(60_000, tooLate, parent.signal);
  assertEquals(late.signal.reason, "stop");
});

Deno.test("Deadline does not abort after it was disposed of", () => {
  const parent = new AbortController();
  const deadline = new Deadline(60_000, tooLate, parent.signal);
  deadline[Symbol.dispose]();
  parent.abort();
  assertEquals(deadline.signal.aborted, false);
});
