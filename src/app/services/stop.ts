/**
 * Stopping services.
 *
 * @module
 */

import type { ServiceStatus } from "../../model/service_state.ts";
import { unknownService } from "../../model/unknown_service.ts";
import type { AppContext } from "../context.ts";
import { readStatus } from "./status.ts";
import { connectSupervisor, findSupervisor } from "../supervisor/connect_supervisor.ts";

/** How {@linkcode stop} ended. */
export interface StopResult {
  /** Names of the services that there was something to stop of. */
  readonly stopped: readonly string[];
  /** The services that were asked for. */
  readonly services: readonly ServiceStatus[];
}

/**
 * Stops services, dependents first, and waits until each is proven gone.
 *
 * Where no supervisor is alive and nothing runs, none is started. Where something runs, a new one
 * adopts it and stops it: there is one writer at any time, and it is always a supervisor.
 *
 * @param runtimeId The runtime.
 * @param context Where hale works.
 * @param options `services`: which; empty: all. `configured`: names of the configuration, which may
 * never have been started. `place`: where they come from, for people (default: the runtime's id).
 * `signal` ends the wait, not the stop.
 * @returns What was stopped.
 * @throws {HaleError} `unknown_service` If the runtime has none of a name.
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
  for (const name of options.services) {
    if (!started.has(name) && !options.configured.has(name)) {
      const known = new Set([...started, ...options.configured]);
      throw unknownService(name, options.place ?? runtimeId, known);
    }
  }
  const names = [...started].filter((name) =>
    options.services.length === 0 || options.services.includes(name)
  );
  const chosen = statuses.filter(({ name }) => names.includes(name));
  if (names.length === 0 || (alive === null && !chosen.some(isToBeStopped))) {
    return { stopped: [], services: chosen };
  }
  using client = alive ?? await connectSupervisor(context);
  const { actor } = context;
  const { stopped, services } = await client.stop(
    runtimeId,
    { services: names, actor },
    options.signal,
  );
  return { stopped, services: services.filter(({ name }) => names.includes(name)) };
}

/** One that is gone, but still wanted, would be started again by the next supervisor. */
function isToBeStopped({ state, desired, pid }: ServiceStatus): boolean {
  return pid !== null || desired === "running" || state === "stopping";
}
