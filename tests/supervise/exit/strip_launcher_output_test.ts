import { assertEquals } from "@std/assert";
import { stripLauncherOutput } from "../../../src/supervise/exit/strip_launcher_output.ts";

const LINES = [
  "loading",
  "hale-launch: 16: exec: /srv/run.py: not found",
  "hale-launch: line 16: /srv/run.py: /no/python: bad interpreter: No such file or directory",
];

Deno.test("stripLauncherOutput() removes the output of the launcher's shell", () => {
  assertEquals(stripLauncherOutput(LINES, { status: 127, writers: null }), ["loading"]);
});

Deno.test("stripLauncherOutput() removes the lines of retries when the program ran", () => {
  assertEquals(stripLauncherOutput(LINES, null), ["loading"]);
});

Deno.test("stripLauncherOutput() keeps the output when the launcher failed with 125", () => {
  assertEquals(stripLauncherOutput(LINES, { status: 125, writers: null }), LINES);
});
