import { HaleError } from "../../errors.ts";
import { hasFinished } from "../../model/exit_success.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { ServiceStatus } from "../../model/service_state.ts";

/** A service that another one depends on. */
interface Dependency {
  readonly name: string;
  readonly spec: Pick<ServiceSpec, "restart">;
  readonly status: Pick<ServiceStatus, "state" | "desired" | "health" | "exit_code">;
}

/**
 * Returns whether all dependencies of a service are ready.
 *
 * @param service Name of the service.
 * @param dependencies Its dependencies.
 * @returns False while a dependency may still become ready.
 * @throws {HaleError} `dependency_failed` If a dependency is stopped or crashed and will not start by
 * itself.
 */
export function dependenciesReady(service: string, dependencies: readonly Dependency[]): boolean {
  for (const { name, spec, status } of dependencies) {
    // A stopped service with the desired state `running` is about to be restarted.
    const stopped = status.state === "stopped" && status.desired === "stopped";
    if ((status.state !== "crashed" && !stopped) || isFinishedJob(spec, status)) continue;
    throw new HaleError(
      "dependency_failed",
      `${service} was not started: it depends on ${name}, which is ${status.state}.`,
      { fields: { service, dependency: name } },
    );
  }
  return dependencies.every(({ spec, status }) => isReady(status) || isFinishedJob(spec, status));
}

/** Whether a service is running, and healthy if it has a health check. */
function isReady({ state, health }: Dependency["status"]): boolean {
  return (state === "running" || state === "unmanaged") &&
    (health === "healthy" || health === "unknown");
}

/** Whether a service is a job (restart policy `never`) that exited with 0. */
function isFinishedJob({ restart }: Dependency["spec"], status: Dependency["status"]): boolean {
  return restart.policy === "never" && hasFinished(status);
}
