import { assertEquals } from "@std/assert";
import { Timeout } from "../../../src/supervise/api/timeout.ts";

/** Resolves to the reason of a signal. */
function aborted(signal: AbortSignal): Promise<Error> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    else signal.addEventListener("abort", () => resolve(signal.reason));
  });
}

Deno.test("Timeout aborts at its limit, and says whether that or the other signal was first", async () => {
  const limited = new Timeout(1);
  const { name, message } = await aborted(limited.signal);
  assertEquals([name, message, limited.isOver], [
    "TimeoutError",
    "The time limit was reached.",
    true,
  ]);
  const outer = new AbortController();
  const unlimited = new Timeout(Infinity, outer.signal);
  outer.abort(new Error("interrupted"));
  assertEquals([(await aborted(unlimited.signal)).message, unlimited.isOver], [
    "interrupted",
    false,
  ]);
});
