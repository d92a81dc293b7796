import { assertEquals } from "@std/assert";
import { livenessError, readinessError } from "../../../src/supervise/exit/health_error.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";
import { serviceSpec } from "../../fixtures/service_spec.ts";

const CHECK = { kind: "tcp", host: "127.0.0.1", port: 1 } as const;
const LAST = { kind: "refused", reason: "nothing listens at 127.0.0.1:1", runtime: null } as const;

Deno.test("readinessError() reports the configured time limit, not the time that passed", () => {
  const spec = serviceSpec("api", { health: healthSpec(CHECK, { within_ms: 1_000 }) });
  const late = { kind: "late", afterMs: 1_149, last: LAST } as const;
  assertEquals(
    [1, 5].map((attempts) => readinessError(spec, { ...late, attempts }).message),
    [
      "api was not healthy within 1s (1 check: nothing listens at 127.0.0.1:1). " +
      "See `hale logs api`. If it needs more time, raise health.within.",
      "api was not healthy within 1s (5 checks, last: nothing listens at 127.0.0.1:1). " +
      "See `hale logs api`. If it needs more time, raise health.within.",
    ],
  );
});

Deno.test("livenessError() reports the number of failed checks and the last reason", () => {
  const messages = [1, 3].map((failures) =>
    livenessError(serviceSpec("api", { health: healthSpec(CHECK, { failures }) }), LAST.reason)
      .message
  );
  assertEquals(messages, [
    "api became unhealthy (a health check failed: nothing listens at 127.0.0.1:1).",
    "api became unhealthy (3 consecutive health checks failed, last: " +
    "nothing listens at 127.0.0.1:1).",
  ]);
});
