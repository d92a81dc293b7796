import { assertEquals } from "@std/assert";
import { readPidFile } from "../../src/platform/windows_launcher.ts";

Deno.test("readPidFile() reads a pid once its line is complete", () => {
  assertEquals(readPidFile("4711\n"), {
    pid: 4711,
    startTime: null,
    bootId: null,
    failure: null,
  });
  for (const text of ["", "4711", "0\n", "-1\n", "x\n", "claimed\n"]) {
    assertEquals(readPidFile(text), null, JSON.stringify(text));
  }
});
