import { findRemovedLogs } from "../../logs/layout/removed_logs.ts";
import { basename, join } from "../../platform/path.ts";
import { copyOpened } from "../../platform/processes/opened_files.ts";
import { type RunningLog, runningLogs } from "./running_logs.ts";

/** A log that was removed while its service runs. */
export interface RemovedLog extends RunningLog {
  /** Path of a copy of what the program has written; null if the system does not give it. */
  readonly copy: string | null;
}

/** The removed logs of some services, with copies that exist until it is disposed of. */
export interface RemovedLogs extends Disposable {
  readonly logs: readonly RemovedLog[];
}

/**
 * Copies the logs of running services that were removed, as far as the system lets hale read them.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @param names Names of the services.
 * @returns The logs.
 */
export async function recoverRemovedLogs(
  home: string,
  runtimeId: string,
  names: readonly string[],
): Promise<RemovedLogs> {
  const running = (await runningLogs(home, runtimeId)).filter(({ service }) =>
    names.includes(service)
  );
  const removed = await findRemovedLogs(running);
  if (removed.length === 0) return { logs: [], [Symbol.dispose]: () => {} };
  const folder = Deno.makeTempDirSync({ prefix: "hale-logs-" });
  const logs: RemovedLog[] = [];
  for (const [index, log] of removed.entries()) {
    const copy = join(folder, `${index}-${basename(log.path)}`);
    logs.push({ ...log, copy: await copyOpened(log, copy) ? copy : null });
  }
  return { logs, [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }) };
}
