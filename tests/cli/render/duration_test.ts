import { assertEquals } from "@std/assert";
import { renderDuration } from "../../../src/cli/render/duration.ts";

const CASES: readonly (readonly [ms: number, text: string])[] = [
  [0, "0ms"],
  [250.9, "250ms"],
  [999, "999ms"],
  [1000, "1s"],
  [3999, "3s"],
  [59_999, "59s"],
  [60_000, "1m"],
  [125_000, "2m 5s"],
  [3_600_000, "1h"],
  [3_780_000, "1h 3m"],
  [86_399_999, "23h 59m"],
  [86_400_000, "1d"],
  [4 * 86_400_000 + 2 * 3_600_000 + 59 * 60_000, "4d 2h"],
];

for (const [ms, text] of CASES) {
  Deno.test(`renderDuration() returns ${text} when given ${ms} ms`, () => {
    assertEquals(renderDuration(ms), text);
  });
}
