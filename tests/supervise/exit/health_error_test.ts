import { assertEquals } from "@std/assert";
import { failedCheckError, readinessError } from "../../../src/supervise/exit/health_error.ts";
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

Deno.test("readinessError() names the key that gives a launch more time", () => {
  const late = { kind: "late", afterMs: 1, attempts: 1, last: LAST } as const;
  const messageOf = (given: Parameters<typeof healthSpec>[1]) =>
    readinessError(serviceSpec("api", { health: healthSpec(CHECK, given) }), late).message;
  assertEquals(
    messageOf({ implied: true }),
    "api was not healthy within 10s (1 check: nothing listens at 127.0.0.1:1). " +
      "See `hale logs api`. If it needs more time, set health.within. " +
      'If it does not listen at its endpoint, set health = "none".',
  );
  assertEquals(
    messageOf({ start: { check: CHECK, within_ms: 300_000, timeout_ms: 1 } }),
    "api did not pass its start check within 5m (1 check: nothing listens at 127.0.0.1:1). " +
      "See `hale logs api`. If it needs more time, raise health.start.within.",
  );
});

Deno.test("readinessError() says that another program answered", () => {
  const last = { kind: "foreign", reason: 'it is "other"', runtime: "other" } as const;
  const outcome = { kind: "foreign", afterMs: 1, attempts: 1, last } as const;
  assertEquals(
    readinessError(serviceSpec("api", { health: healthSpec(CHECK) }), outcome).message,
    'Another program answered the health check of api: it is "other". Stop that program, or give ' +
      "api another port.",
  );
});

Deno.test("failedCheckError() reports the number of failed checks and the last reason", () => {
  const messages = [1, 3].flatMap((failures) => {
    const liveness = { ...healthSpec(CHECK), failures: failures + 1 };
    const spec = serviceSpec("api", { health: healthSpec(CHECK, { failures, liveness }) });
    return (["health", "liveness"] as const).map((check) =>
      failedCheckError(spec, { check, detail: "closed" }).message
    );
  });
  assertEquals(messages, [
    "api became unhealthy (a health check failed: closed).",
    "api does not work any more (2 consecutive liveness checks failed, last: closed).",
    "api became unhealthy (3 consecutive health checks failed, last: closed).",
    "api does not work any more (4 consecutive liveness checks failed, last: closed).",
  ]);
});
