import type { OpenLog } from "../../logs/layout/removed_logs.ts";
import { openLogs } from "../../logs/layout/removed_logs.ts";
import { runtimePaths, servicePaths } from "../../home/home_paths.ts";
import { stillRunning } from "../../spawn/identify.ts";
import { readServices } from "../../store/runtime/read_services.ts";

/** A log of a running service. */
export interface RunningLog extends OpenLog {
  readonly service: string;
}

/**
 * Lists the logs that the running services of a runtime were started with.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @returns The logs, two for each service that runs.
 */
export async function runningLogs(
  home: string,
  runtimeId: string,
): Promise<readonly RunningLog[]> {
  const snapshots = readServices(runtimePaths(home, runtimeId), runtimeId);
  const running = await stillRunning(snapshots.flatMap(({ launch }) => launch?.identity ?? []));
  return snapshots.flatMap(({ service_id: service, launch }) => {
    const identity = launch?.identity ?? null;
    if (identity === null || !running.has(identity.pid)) return [];
    const paths = servicePaths(runtimePaths(home, runtimeId), service);
    return openLogs(identity, paths).map((log) => ({ ...log, service }));
  });
}
