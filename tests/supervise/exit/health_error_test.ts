import { assertEquals } from "@std/assert";
import { healthError } from "../../../src/supervise/exit/health_error.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";
import { serviceSpec } from "../../fixtures/service_spec.ts";

const CHECK = { kind: "tcp", host: "127.0.0.1", port: 1 } as const;
const LAST = { kind: "refused", reason: "nothing listens at 127.0.0.1:1", runtime: null } as const;

Deno.test("healthError() tells the budget as it was given, not the time that it took", () => {
  const spec = serviceSpec("api", { health: healthSpec(CHECK, { within_ms: 1_000 }) });
  const late = { kind: "late", afterMs: 1_149, last: LAST } as const;
  assertEquals(
    [1, 5].map((attempts) => healthError(spec, { ...late, attempts }).message),
    [
      "api was not healthy within 1s (1 check: nothing listens at 127.0.0.1:1). " +
      "Look at `hale logs api`; if it needs longer, raise health.within.",
      "api was not healthy within 1s (5 checks; the last: nothing listens at 127.0.0.1:1). " +
      "Look at `hale logs api`; if it needs longer, raise health.within.",
    ],
  );
});
