import { assertEquals } from "@std/assert";
import { reportedVersion } from "../../src/model/reported_version.ts";
import type { HealthCheck } from "../../src/model/health_spec.ts";

const identified = {
  kind: "http",
  url: "http://127.0.0.1:1/health",
  method: "GET",
  headers: {},
  status: [[200, 299]],
  expect: {},
  identify: { runtime: "engine" },
} as const satisfies HealthCheck;

Deno.test("reportedVersion() returns the version of an identified program", () => {
  assertEquals(reportedVersion(identified, { version: "2.3.19" }), "2.3.19");
  assertEquals(reportedVersion(identified, {}), null);
});

Deno.test("reportedVersion() returns null when the program is not identified", () => {
  assertEquals(reportedVersion({ ...identified, identify: {} }, { version: "v1" }), null);
  assertEquals(reportedVersion({ kind: "tcp", host: "::1", port: 1 }, { version: "v1" }), null);
});

Deno.test("reportedVersion() returns null for what is no version", () => {
  const odd = [1, "", "a b", "\x1b[2J", "x".repeat(101), { number: "1" }];
  for (const version of odd) assertEquals(reportedVersion(identified, { version }), null);
});
