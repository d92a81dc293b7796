import { HaleError } from "../../errors.ts";
import { findRemovedLogs } from "../../logs/layout/removed_logs.ts";
import { listRuntimes } from "../../store/runtime/list_runtimes.ts";
import type { AppContext } from "../context.ts";
import { type RunningLog, runningLogs } from "../records/running_logs.ts";
import { type Found, ok, wrong } from "./finding.ts";

/**
 * Checks that the logs of running services were not removed.
 *
 * @param context Home and environment; the home exists.
 * @returns The logs that were removed, or one result that there are none. Nothing if that is unknown.
 */
export async function checkLogs({ home, paths }: AppContext): Promise<Found[]> {
  const logs: RunningLog[] = [];
  let isComplete = true;
  try {
    for (const runtime of listRuntimes(home)) {
      if (runtime.kind === "readable") logs.push(...await runningLogs(home, runtime.runtimeId));
    }
  } catch (error) {
    // The check of the store reports damaged records.
    if (!(error instanceof HaleError)) throw error;
    isComplete = false;
  }
  const removed = await findRemovedLogs(logs);
  if (removed.length > 0) return removed.map(describe);
  return isComplete ? [ok(paths.runtimes, "Every running service writes to its logs.")] : [];
}

function describe({ service, path, process }: RunningLog): Found {
  return wrong(
    path,
    `It was removed, and ${service} (pid ${process.pid}) still writes to the removed file.`,
    `What it writes is lost when it exits. Run \`hale restart ${service}\`, which opens a new file.`,
  );
}
