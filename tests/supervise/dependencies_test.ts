import { assertEquals } from "@std/assert";
import { DEPENDENCY_CONDITIONS, type DependencyCondition } from "../../src/model/service_spec.ts";
import {
  type DependencyStatus,
  describeWait,
  failedDependency,
  unmetDependencies,
} from "../../src/supervise/dependencies.ts";
import { serviceStatus } from "../app/service_status.ts";

function dependency(
  condition: DependencyCondition,
  status: Partial<DependencyStatus["status"]> = {},
): DependencyStatus {
  return { condition, status: serviceStatus({ name: "db", ...status }) };
}

/** Each status with the conditions that it meets; `failed`: it will never meet one by itself. */
const CASES: readonly [
  Partial<DependencyStatus["status"]>,
  readonly DependencyCondition[] | "failed",
][] = [
  [{ state: "running", health: "healthy" }, ["healthy", "started"]],
  [{ state: "running", health: "unknown" }, ["healthy", "started"]],
  [{ state: "running", health: "unknown", has_health_check: true }, ["started"]],
  [{ state: "running", health: "unhealthy" }, ["started"]],
  [{ state: "unmanaged", health: "healthy", pid: null }, ["healthy", "started"]],
  [{ state: "unmanaged", health: "unhealthy", pid: null }, ["started"]],
  [{ state: "unmanaged", health: "starting", pid: null }, ["started"]],
  [{ state: "unmanaged", health: "unknown", has_health_check: true, pid: null }, ["started"]],
  // It is not watched.
  [
    {
      state: "unmanaged",
      desired: "stopped",
      health: "unknown",
      has_health_check: true,
      pid: null,
    },
    ["healthy", "started"],
  ],
  [{ state: "starting", health: "unknown", pid: 7 }, ["started"]],
  [{ state: "starting", health: "starting", pid: 7 }, ["started"]],
  // It waits itself, so it has no process.
  [{ state: "starting", health: "starting", pid: null }, []],
  [{ state: "backoff", pid: null }, []],
  [{ state: "stopping", pid: 7 }, []],
  // The pause of a restart.
  [{ state: "stopped", desired: "running", pid: null }, []],
  [
    { state: "stopped", desired: "stopped", pid: null, done: true },
    ["healthy", "started", "completed"],
  ],
  [{ state: "stopped", desired: "stopped", pid: null, done: false }, "failed"],
  [{ state: "crashed", desired: "running", pid: null }, "failed"],
];

for (const [status, met] of CASES) {
  Deno.test(`unmetDependencies() decides each condition of ${JSON.stringify(status)}`, () => {
    for (const condition of DEPENDENCY_CONDITIONS) {
      const dependencies = [dependency(condition, status)];
      const isMet = met !== "failed" && met.includes(condition);
      assertEquals(unmetDependencies(dependencies), isMet ? [] : dependencies, condition);
      const code = failedDependency("api", dependencies)?.code ?? null;
      assertEquals(code, met === "failed" ? "dependency_failed" : null, condition);
    }
  });
}

Deno.test("failedDependency() names the dependency and why it failed", () => {
  const reason = { code: "service_exited", message: "db exited with code 3." } as const;
  const error = failedDependency("api", [
    dependency("healthy", { name: "cache" }),
    dependency("completed", { state: "crashed", reason }),
  ]);
  assertEquals(
    error?.message,
    "api was not started: it depends on db, which failed. db exited with code 3.",
  );
  assertEquals(error?.fields, { service: "api", dependency: "db" });
});

Deno.test("failedDependency() says that a dependency is stopped", () => {
  const stopped = { state: "stopped", desired: "stopped", pid: null } as const;
  assertEquals(
    failedDependency("api", [dependency("started", stopped)])?.message,
    "api was not started: it depends on db, which is stopped.",
  );
});

Deno.test("describeWait() names every dependency and its condition", () => {
  assertEquals(describeWait([dependency("healthy")]), "db to be healthy");
  assertEquals(
    describeWait([
      dependency("healthy"),
      dependency("completed", { name: "migrate" }),
      dependency("started", { name: "cache" }),
    ]),
    "db to be healthy and migrate to complete and cache to start",
  );
});
