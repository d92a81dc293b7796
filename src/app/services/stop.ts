/**
 * Stops services.
 *
 * @module
 */

import type { ServiceStatus } from "../../model/service_state.ts";
import { unknownService } from "../../model/unknown_service.ts";
import type { AppContext } from "../context.ts";
import type { StopReport } from "../../supervise/launch/stop_report.ts";
import { readStatus } from "./status.ts";
import { connectSupervisor, findSupervisor } from "../supervisor/connect_supervisor.ts";

/** Result of {@linkcode stop}. */
export interface StopResult {
  /** Names of the services that were not stopped before. */
  readonly stopped: readonly string[];
  /** What had to be killed and what is still running, by service. */
  readonly reports: Readonly<Record<string, StopReport>>;
  /** The selected services. */
  readonly services: readonly ServiceStatus[];
}

/**
 * Stops services, dependents first, and waits until their processes have verifiably exited.
 *
 * If no supervisor runs, one is started only if there is a process to stop; it adopts the process and
 * stops it. This way only a supervisor ever writes to the store.
 *
 * @param runtimeId The runtime.
 * @param context Home and environment.
 * @param options `services`: names; empty for all. `configured`: names in the configuration, which may
 * never have been started. `place`: source of the services, for people (default: the runtime's id).
 * `signal`: aborts the wait, not the stop.
 * @returns What was stopped.
 * @throws {HaleError} `unknown_service` If the runtime has no service of a name.
 */
export async function stop(
  runtimeId: string,
  context: AppContext,
  options: {
    readonly services: readonly string[];
    readonly configured: ReadonlySet<string>;
    readonly place?: string;
    readonly signal: AbortSignal;
  },
): Promise<StopResult> {
  using alive = await findSupervisor(context);
  const statuses = alive === null
    ? await readStatus(runtimeId, context)
    : (await alive.status(runtimeId)).services;
  const started = new Set(statuses.map(({ name }) => name));
  const known = new Set([...started, ...options.configured]);
  const unknown = options.services.filter((name) => !known.has(name));
  if (unknown.length > 0) throw unknownService(unknown, options.place ?? runtimeId, known);
  const names = [...started].filter((name) =>
    options.services.length === 0 || options.services.includes(name)
  );
  const chosen = statuses.filter(({ name }) => names.includes(name));
  if (names.length === 0 || (alive === null && !chosen.some(isToBeStopped))) {
    return { stopped: [], reports: {}, services: chosen };
  }
  using client = alive ?? await connectSupervisor(context);
  const { actor } = context;
  const { stopped, reports = {}, services } = await client.stop(
    runtimeId,
    { services: names, actor },
    options.signal,
  );
  return { stopped, reports, services: services.filter(({ name }) => names.includes(name)) };
}

/** The next supervisor would restart an exited service whose desired state is running. */
function isToBeStopped({ state, desired, pid }: ServiceStatus): boolean {
  return pid !== null || desired === "running" || state === "stopping";
}
