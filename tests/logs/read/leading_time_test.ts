import { assertEquals } from "@std/assert";
import { leadingTime } from "../../../src/logs/read/leading_time.ts";

Deno.test("leadingTime() parses the formats that programs write", () => {
  const noon = Date.UTC(2026, 0, 31, 12, 0, 0);
  const local = new Date(2026, 0, 31, 12, 0, 0).getTime();
  const cases: [string, number][] = [
    ["2026-01-31T12:00:00Z started", noon],
    ["2026-01-31T12:00:00.250Z", noon + 250],
    ["2026-01-31T12:00:00.123456789Z x", noon + 123],
    ["2026-01-31T14:00:00+02:00 x", noon],
    ["2026-01-31T06:30:00-0530 x", noon],
    ["2026-01-31 12:00:00.5 UTC [1] LOG:  ready", noon + 500],
    ["[2026-01-31 12:00:00,040] x", local + 40],
    ["2026-01-31 12:00:00 x", local],
    ["\x1b[2m2026-01-31T12:00:00Z\x1b[0m INFO x", noon],
    ["\x1b[2m\x1b[1;31m[2026-01-31T12:00:00Z] x", noon],
  ];
  for (const [line, time] of cases) assertEquals(leadingTime(line), time, line);
});

Deno.test("leadingTime() returns null when a line does not begin with a time", () => {
  for (
    const line of [
      "",
      "started",
      "at 2026-01-31T12:00:00Z",
      "2026-01-31",
      "12:00:00 x",
      "20260131T120000Z x",
      "[1] 2026-01-31T12:00:00Z",
    ]
  ) assertEquals(leadingTime(line), null, line);
});
