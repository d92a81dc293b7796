import { HaleError } from "../errors.ts";
import type { DependencyCondition } from "../model/service_spec.ts";
import type { ServiceStatus } from "../model/service_state.ts";

/** A service that another one depends on, and what it waits for. */
export interface DependencyStatus {
  readonly condition: DependencyCondition;
  readonly status: Pick<
    ServiceStatus,
    "name" | "state" | "desired" | "has_health_check" | "health" | "pid" | "done" | "reason"
  >;
}

/**
 * Returns the dependencies whose condition is not met yet.
 *
 * @param dependencies All dependencies of a service.
 * @returns Those that the service waits for; empty if it may start.
 */
export function unmetDependencies(
  dependencies: readonly DependencyStatus[],
): readonly DependencyStatus[] {
  return dependencies.filter((dependency) => !isMet(dependency));
}

/**
 * Returns the error of a service that cannot start, because a dependency will not meet its condition
 * by itself.
 *
 * @param service Name of the service.
 * @param dependencies Its dependencies.
 * @returns `dependency_failed`; null if every dependency meets its condition or still may.
 */
export function failedDependency(
  service: string,
  dependencies: readonly DependencyStatus[],
): HaleError | null {
  const failed = dependencies.find(hasFailed);
  if (failed === undefined) return null;
  const { name, state, reason } = failed.status;
  const how = state === "crashed" ? "failed" : "is stopped";
  const why = reason === null ? "" : ` ${reason.message}`;
  return new HaleError(
    "dependency_failed",
    `${service} was not started: it depends on ${name}, which ${how}.${why}`,
    { fields: { service, dependency: name } },
  );
}

/**
 * Describes what a service waits for.
 *
 * @param dependencies The unmet dependencies.
 * @returns Such as `db to be healthy and migrate to complete`.
 */
export function describeWait(dependencies: readonly DependencyStatus[]): string {
  return dependencies.map(({ condition, status }) => `${status.name} ${WAITS_FOR[condition]}`)
    .join(" and ");
}

const WAITS_FOR: Readonly<Record<DependencyCondition, string>> = {
  healthy: "to be healthy",
  started: "to start",
  completed: "to complete",
};

function isMet({ condition, status }: DependencyStatus): boolean {
  const { state, desired, health, pid, done, has_health_check: isChecked } = status;
  if (done) return true;
  const runs = state === "running" || state === "unmanaged";
  switch (condition) {
    case "completed":
      return false;
    case "started":
      return runs || state === "starting" && pid !== null;
    case "healthy":
      // No check is run, or there is none: then a process is all that can be asked for.
      if (health === "unknown") return runs && (!isChecked || desired === "stopped");
      return runs && health === "healthy";
  }
}

/** Whether a dependency has failed or is stopped, so that it will not meet its condition by itself. */
export function hasFailed({ status }: DependencyStatus): boolean {
  return status.state === "crashed" || isStopped({ status });
}

/** Whether a dependency is stopped, and no job that has completed. */
export function isStopped({ status }: Pick<DependencyStatus, "status">): boolean {
  // A stopped service with the desired state `running` is about to be restarted.
  return status.state === "stopped" && status.desired === "stopped" && !status.done;
}
