import { assertEquals, assertLessOrEqual } from "@std/assert";
import {
  BUSY_POLL_MS,
  IDLE_POLL_MS,
  pollInterval,
} from "../../../src/logs/rotate/poll_interval.ts";

const MIB = 1024 * 1024;

Deno.test("pollInterval() is long when a log does not grow, and short when it fills fast", () => {
  const observed = { size: 0, maxSize: 10 * MIB, grown: 0, elapsedMs: 1_000 };
  assertEquals(pollInterval(observed), IDLE_POLL_MS);
  assertEquals(pollInterval({ ...observed, grown: 100 }), BUSY_POLL_MS);
  assertEquals(pollInterval({ ...observed, grown: 10 * MIB }), 500);
  assertEquals(pollInterval({ ...observed, grown: 10 * MIB, size: 8 * MIB }), 100);
  assertEquals(pollInterval({ ...observed, grown: 10 * MIB, size: 20 * MIB }), 100);
  assertEquals(pollInterval({ ...observed, grown: -1 }), IDLE_POLL_MS);
});

Deno.test("pollInterval() is short enough to notice a full log when it grows at a steady speed", () => {
  for (let perSecond = 1; perSecond < 50 * MIB; perSecond *= 3) {
    let size = 0;
    let grown = perSecond;
    let elapsedMs = 1_000;
    for (let polls = 0; polls < 200; polls++) {
      size += grown;
      if (size >= 10 * MIB) break;
      elapsedMs = pollInterval({ size, maxSize: 10 * MIB, grown, elapsedMs });
      grown = perSecond * elapsedMs / 1_000;
    }
    // At most 10 % too large, or the output within the shortest interval.
    assertLessOrEqual(
      size,
      Math.max(11 * MIB, 10 * MIB + perSecond),
      `${perSecond} bytes a second`,
    );
  }
});
