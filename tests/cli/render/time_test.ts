import { assertEquals } from "@std/assert";
import { renderTime } from "../../../src/cli/render/time.ts";

Deno.test("renderTime() returns the local time with milliseconds", () => {
  const local = new Date(2026, 0, 2, 3, 4, 5, 6);
  assertEquals(renderTime(local.toISOString()), "2026-01-02 03:04:05.006");
});
