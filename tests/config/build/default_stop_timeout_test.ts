import { assertEquals } from "@std/assert";
import { defaultStopTimeoutMs } from "../../../src/config/build/build_service.ts";

Deno.test("defaultStopTimeoutMs() is short where a program learns nothing of the stop", () => {
  const windows = { supportsSignals: false };
  const unix = { supportsSignals: true };
  assertEquals(defaultStopTimeoutMs(false, windows), 2_000);
  assertEquals(defaultStopTimeoutMs(true, windows), 30_000);
  assertEquals(defaultStopTimeoutMs(false, unix), 30_000);
});
