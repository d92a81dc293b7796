import { HaleError } from "../../errors.ts";
import { runtimePaths } from "../../home/home_paths.ts";
import type { DesiredState } from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import { listRuntimes } from "../../store/runtime/list_runtimes.ts";
import { readServices } from "../../store/runtime/read_services.ts";

/** A service that needs a supervisor. */
export interface WantedService {
  /** Its runtime and its name, such as `my-app/web`: several projects may use the same name. */
  readonly id: string;
  /** What a supervisor is to do with it: keep it running, or complete its stop. */
  readonly desired: DesiredState;
}

/**
 * Returns the services of a home that need a supervisor: those that are to run, and those whose stop is
 * not complete. Services that cannot be read are left out.
 *
 * @param home Absolute path of the home.
 * @returns The services.
 */
export function wantedServices(home: string): readonly WantedService[] {
  return orNone(() => listRuntimes(home)).flatMap((found) => {
    if (found.kind !== "readable") return [];
    const { runtimeId } = found;
    const snapshots = orNone(() => readServices(runtimePaths(home, runtimeId), runtimeId));
    return snapshots.filter(needsSupervisor)
      .map(({ service_id, desired }) => ({ id: `${runtimeId}/${service_id}`, desired }));
  });
}

/** A supervisor does not touch what it cannot read either. */
function orNone<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof HaleError) return [];
    throw error;
  }
}

/**
 * Returns whether the next supervisor has something to do for a service.
 *
 * @param snapshot The service. A crashed one is not started again by a supervisor.
 */
export function needsSupervisor(
  { state, desired }: Pick<ServiceSnapshot, "state" | "desired">,
): boolean {
  if (desired === "running") return state !== "crashed";
  return state === "starting" || state === "running" || state === "stopping";
}
