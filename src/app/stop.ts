/**
 * Stopping services.
 *
 * @module
 */

import type { ServiceStatus } from "../model/service_state.ts";
import { unknownService } from "../model/unknown_service.ts";
import type { AppContext } from "./context.ts";
import { readStatus } from "./status.ts";
import { ensureSupervisor, findSupervisor } from "./supervisor_access.ts";

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
 * never have been started. `signal` ends the wait, not the stop.
 * @returns What was stopped.
 * @throws {HaleError} `unknown_service` If the runtime has none of a name.
 */
export async function stop(
  runtimeId: string,
  context: AppContext,
  options: {
    readonly services: readonly string[];
    readonly configured: ReadonlySet<string>;
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
      throw unknownService(name, runtimeId, new Set([...started, ...options.configured]));
    }
  }
  const names = [...started].filter((name) =>
    options.services.length === 0 || options.services.includes(name)
  );
  if (names.length === 0 || (alive === null && !statuses.some(isActive))) {
    return { stopped: [], services: statuses.filter(({ name }) => names.includes(name)) };
  }
  using client = alive ?? await ensureSupervisor(context);
  const { stopped, services } = await client.stop(runtimeId, names, options.signal);
  return { stopped, services: services.filter(({ name }) => names.includes(name)) };
}

function isActive({ state, pid }: ServiceStatus): boolean {
  return pid !== null || state === "backoff" || state === "starting" || state === "stopping";
}
