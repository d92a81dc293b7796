import { assert, assertEquals, assertFalse } from "@std/assert";
import { Interruption } from "../../src/cli/interruption.ts";

/** Whether a promise has resolved. */
async function hasResolved(promise: Promise<unknown>): Promise<boolean> {
  return await Promise.race([promise.then(() => true), Promise.resolve().then(() => false)]);
}

Deno.test("Interruption.signal aborts on the first signal, and the second one ends the command", async () => {
  using interruption = new Interruption();
  interruption.interrupt("SIGTERM", 1_000);
  assertEquals(interruption.signal.reason.fields, { signal: "SIGTERM" });
  assertFalse(await hasResolved(interruption.ended));
  interruption.interrupt("SIGINT", 1_200);
  assert(await hasResolved(interruption.ended));
});

Deno.test("Interruption takes signals in quick succession for one", async () => {
  using interruption = new Interruption();
  interruption.interrupt("SIGINT", 1_000);
  interruption.interrupt("SIGINT", 1_005);
  interruption.interrupt("SIGHUP", 1_199);
  assertFalse(await hasResolved(interruption.ended));
});

Deno.test("Interruption.handleSecond() leaves the end to the third signal", async () => {
  using interruption = new Interruption();
  const second = interruption.handleSecond();
  interruption.interrupt("SIGINT", 1_000);
  assertFalse(second.aborted);
  interruption.interrupt("SIGINT", 2_000);
  assert(second.aborted);
  assertEquals(second.reason.message, "Interrupted again.");
  assertFalse(await hasResolved(interruption.ended));
  interruption.interrupt("SIGINT", 3_000);
  assert(await hasResolved(interruption.ended));
});

Deno.test("Interruption ends a command that does not end after the first signal", async () => {
  using interruption = new Interruption();
  interruption.interrupt("SIGTERM", 1_000);
  assertFalse(await hasResolved(interruption.ended));
  // It would never resolve by itself.
  await interruption.ended;
});
