import { assertEquals } from "@std/assert";
import { renderWaiting } from "../../../src/cli/services/waiting.ts";
import { serviceStatus } from "../../app/service_status.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");

Deno.test("renderWaiting() says what a pending service waits for, and how long it may", () => {
  const health = healthSpec({ kind: "tcp", host: "127.0.0.1", port: 1 }, { within_ms: 60_000 });
  const cases = [
    [{ state: "starting", waiting_for: "db to be healthy" }, "waits for db to be healthy"],
    [
      { state: "starting", uptime_seconds: 4 },
      "starting for 4s, must be healthy within 60s",
    ],
    [{ state: "running", uptime_seconds: 12 }, "running for 12s, must complete"],
    [
      { state: "running", has_health_check: true, health_detail: "no answer" },
      "running, must be healthy: no answer",
    ],
    [
      { state: "backoff", next_restart_at: "2026-01-01T00:00:03Z" },
      "restarts in 3s",
    ],
    [{ state: "backoff", next_restart_at: null }, "restarts"],
    [
      { state: "stopping", reason: { code: "health_check_failed", message: "web was unhealthy." } },
      "stopping: was unhealthy.",
    ],
    [{ state: "unmanaged" }, "not started by hale, must become healthy"],
  ] as const;
  for (const [status, expected] of cases) {
    assertEquals(renderWaiting(serviceStatus(status), { health }, NOW), expected);
  }
});
