import { assertEquals } from "@std/assert";
import { readPidFile, ticksOf } from "../../src/platform/windows_launcher.ts";

Deno.test("readPidFile() reads pid and times once all lines are complete", () => {
  const text = "4711\n639000000000000000\n639000000002000000\n";
  assertEquals(readPidFile(text), {
    pid: 4711,
    startTime: null,
    bootId: null,
    startedBetween: ["639000000000000000", "639000000002000000"],
    failure: null,
  });
  for (let length = 0; length < text.length; length++) {
    assertEquals(readPidFile(text.slice(0, length)), null, `${length} bytes`);
  }
  for (const wrong of ["0\n1\n2\n", "-1\n1\n2\n", "x\n1\n2\n", "claimed\n", "4711\n"]) {
    assertEquals(readPidFile(wrong), null, JSON.stringify(wrong));
  }
});

Deno.test("ticksOf() counts as .NET does", () => {
  assertEquals(ticksOf(Date.UTC(1970, 0, 1)), "621355968000000000");
  assertEquals(ticksOf(Date.UTC(2000, 0, 1)), "630822816000000000");
  assertEquals(ticksOf(1), "621355968000010000");
});
