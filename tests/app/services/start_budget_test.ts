import { assertEquals } from "@std/assert";
import { startBudget } from "../../../src/app/services/start_budget.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";
import { serviceSpec } from "../../fixtures/service_spec.ts";

const health = healthSpec({ kind: "tcp", host: "127.0.0.1", port: 1 }, { within_ms: 60_000 });

Deno.test("startBudget() allows each service what its configuration says, after its dependencies", () => {
  const db = serviceSpec("db", { health });
  const api = serviceSpec("api", { depends_on: ["db"], ready_after_ms: 1_000 });
  const { endsAtMs } = startBudget([db, api]);
  assertEquals(endsAtMs(["db"]), 66_000);
  // db is up: api has its own time after that of db.
  assertEquals(endsAtMs(["api"]), 77_000);
  // Once db has used up its time, api is not waited for.
  assertEquals(endsAtMs(["db", "api"]), 66_000);
});

Deno.test("startBudget() has no end while a job runs", () => {
  const migrate = serviceSpec("migrate", { restart: { policy: "never" } });
  const api = serviceSpec("api", { depends_on: ["migrate"] });
  const { endsAtMs } = startBudget([migrate, api]);
  assertEquals(endsAtMs(["migrate", "api"]), Infinity);
  assertEquals(endsAtMs([]), 0);
});

Deno.test("startBudget() treats a server that is never restarted as a server", () => {
  const server = serviceSpec("server", { restart: { policy: "never" }, health });
  assertEquals(startBudget([server]).endsAtMs(["server"]), 66_000);
});
