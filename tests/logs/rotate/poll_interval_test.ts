import { assertEquals, assertLessOrEqual } from "@std/assert";
import {
  BUSY_POLL_MS,
  IDLE_POLL_MS,
  pollInterval,
} from "../../../src/logs/rotate/poll_interval.ts";

const MIB = 1024 * 1024;

Deno.test("pollInterval() leaves alone what does not grow, and looks often at what does", () => {
  const seen = { size: 0, maxSize: 10 * MIB, grown: 0, elapsedMs: 1_000 };
  assertEquals(pollInterval(seen), IDLE_POLL_MS);
  assertEquals(pollInterval({ ...seen, grown: 100 }), BUSY_POLL_MS);
  assertEquals(pollInterval({ ...seen, grown: 10 * MIB }), 500);
  assertEquals(pollInterval({ ...seen, grown: 10 * MIB, size: 8 * MIB }), 100);
  assertEquals(pollInterval({ ...seen, grown: 10 * MIB, size: 20 * MIB }), 100);
  assertEquals(pollInterval({ ...seen, grown: -1 }), IDLE_POLL_MS);
});

Deno.test("pollInterval() looks before the log is full, at any steady speed", () => {
  for (let perSecond = 1; perSecond < 50 * MIB; perSecond *= 3) {
    let size = 0;
    let grown = perSecond;
    let elapsedMs = 1_000;
    for (let looks = 0; looks < 200; looks++) {
      size += grown;
      if (size >= 10 * MIB) break;
      elapsedMs = pollInterval({ size, maxSize: 10 * MIB, grown, elapsedMs });
      grown = perSecond * elapsedMs / 1_000;
    }
    // Ten per cent too late at the most, or what comes within the shortest pause.
    assertLessOrEqual(
      size,
      Math.max(11 * MIB, 10 * MIB + perSecond),
      `${perSecond} bytes a second`,
    );
  }
});
