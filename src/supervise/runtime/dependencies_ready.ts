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
 * Whether all that a service depends on is up.
 *
 * @param service The service.
 * @param dependencies What it depends on.
 * @returns False while one may still come up.
 * @throws {HaleError} `dependency_failed` If one never will by itself.
 */
export function dependenciesReady(service: string, dependencies: readonly Dependency[]): boolean {
  for (const { name, spec, status } of dependencies) {
    // Stopped but wanted: it is being restarted.
    const stopped = status.state === "stopped" && status.desired === "stopped";
    if ((status.state !== "crashed" && !stopped) || isDone(spec, status)) continue;
    throw new HaleError(
      "dependency_failed",
      `${service} was not started: it depends on ${name}, which is ${status.state}.`,
      { fields: { service, dependency: name } },
    );
  }
  return dependencies.every(({ spec, status }) => isUp(status) || isDone(spec, status));
}

/** Whether others may rely on a service: it runs, and is healthy where that can be told. */
function isUp({ state, health }: Dependency["status"]): boolean {
  return (state === "running" || state === "unmanaged") &&
    (health === "healthy" || health === "unknown");
}

/** Whether it is meant to end, and has done so well: a job that was quicker than who depends on it. */
function isDone({ restart }: Dependency["spec"], status: Dependency["status"]): boolean {
  return restart.policy === "never" && hasFinished(status);
}
