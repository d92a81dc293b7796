/**
 * Stops services.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import { runtimePaths } from "../../home/home_paths.ts";
import type { ServiceStatus } from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import { unknownService } from "../../model/unknown_service.ts";
import { readServices } from "../../store/runtime/read_services.ts";
import { Timeout } from "../../supervise/api/timeout.ts";
import { formatDuration } from "../../text/format_duration.ts";
import type { AppContext } from "../context.ts";
import type { StopReport } from "../../supervise/launch/stop_report.ts";
import { readStatus } from "./status.ts";
import { connectSupervisor, findSupervisor } from "../supervisor/connect_supervisor.ts";
import { supervisorPlace } from "../supervisor/read_endpoint.ts";

/** For what a service leaves behind, beyond its own `stop.timeout`. */
const LEFTOVERS_BUDGET_MS = 15_000;

/** For the request itself and the sync of the disk. */
const REQUEST_BUDGET_MS = 30_000;

/** Where the files do not say how long services may take. */
const UNKNOWN_BUDGET_MS = 600_000;

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
  const { signal } = options;
  using alive = await findSupervisor(context, { signal });
  const statuses = alive === null
    ? await readStatus(runtimeId, context)
    : (await alive.status(runtimeId, signal)).services;
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
  using client = alive ?? await connectSupervisor(context, { signal });
  const { actor } = context;
  const { stopped, reports = {}, services } = await withinBudget(
    { context, runtimeId, names, signal },
    (bounded) => client.stop(runtimeId, { services: names, actor }, bounded),
  );
  return { stopped, reports, services: services.filter(({ name }) => names.includes(name)) };
}

/** Waits as long as the services may take to stop one after another, and not longer. */
async function withinBudget<T>(
  { context, runtimeId, names, signal }: {
    readonly context: AppContext;
    readonly runtimeId: string;
    readonly names: readonly string[];
    readonly signal: AbortSignal;
  },
  request: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const budgetMs = stopBudgetMs(context.home, runtimeId, names);
  const timeout = new Timeout(budgetMs, signal);
  try {
    return await request(timeout.signal);
  } catch (error) {
    if (!timeout.isOver) throw error;
    const { pid, log } = await supervisorPlace(context);
    throw new HaleError(
      "supervisor_unavailable",
      `The supervisor (pid ${pid}) did not stop ${names.join(", ")} within ${
        formatDuration(budgetMs)
      }, which is more than the services may take. It goes on trying: see \`hale status\` and its ` +
        `log ${log}. If nothing changes, end it with \`kill -9 ${pid}\` and run the command again.`,
      { fields: { pid, services: names } },
    );
  } finally {
    timeout.clear();
  }
}

/** The longest that services may take to stop one after another, in milliseconds. */
function stopBudgetMs(home: string, runtimeId: string, names: readonly string[]): number {
  let snapshots: readonly ServiceSnapshot[];
  try {
    snapshots = readServices(runtimePaths(home, runtimeId), runtimeId);
  } catch {
    // The supervisor knows them; the files are damaged.
    return UNKNOWN_BUDGET_MS;
  }
  return snapshots.filter(({ service_id }) => names.includes(service_id)).reduce(
    (sum, { spec: { stop } }) => sum + stop.timeout_ms + LEFTOVERS_BUDGET_MS,
    REQUEST_BUDGET_MS,
  );
}

/** The next supervisor would restart an exited service whose desired state is running. */
function isToBeStopped({ state, desired, pid }: ServiceStatus): boolean {
  return pid !== null || desired === "running" || state === "stopping";
}
