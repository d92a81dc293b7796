import { HaleError } from "../../errors.ts";
import { isThere } from "../../files/is_there.ts";
import { runtimePaths, servicePaths } from "../../home/home_paths.ts";
import { findRemovedLogs } from "../../logs/layout/removed_logs.ts";
import { readServices } from "../../store/runtime/read_services.ts";
import { listRuntimes } from "../../store/runtime/list_runtimes.ts";
import type { AppContext } from "../context.ts";
import { type RunningLog, runningLogs } from "../records/running_logs.ts";
import { type Found, note, ok, wrong } from "./finding.ts";

/**
 * Checks that the logs of running services, and the folders of services, were not removed.
 *
 * @param context Home and environment; the home exists.
 * @returns The logs that were removed, or one result that there are none. Nothing if that is unknown.
 */
export async function checkLogs({ home, paths }: AppContext): Promise<Found[]> {
  const logs: RunningLog[] = [];
  const folders: Found[] = [];
  let isComplete = true;
  try {
    for (const runtime of listRuntimes(home)) {
      if (runtime.kind !== "readable") continue;
      logs.push(...await runningLogs(home, runtime.runtimeId));
      folders.push(...missingFolders(home, runtime.runtimeId));
    }
  } catch (error) {
    // The check of the store reports damaged records.
    if (!(error instanceof HaleError)) throw error;
    isComplete = false;
  }
  const removed = await findRemovedLogs(logs);
  const found = [...folders, ...removed.map(describe)];
  if (found.length > 0) return found;
  return isComplete ? [ok(paths.runtimes, "Every running service writes to its logs.")] : [];
}

/** Folders that services were launched with and that are gone. The next launch makes them again. */
function missingFolders(home: string, runtimeId: string): readonly Found[] {
  const runtime = runtimePaths(home, runtimeId);
  return readServices(runtime, runtimeId).flatMap((snapshot) => {
    const { service_id: service, desired, launch, last_exit } = snapshot;
    if (launch === null && last_exit === null) return [];
    const { logs, launches } = servicePaths(runtime, service);
    return [logs, launches].filter((path) => !isThere(path)).map((path) => {
      const message = `The folder was removed. The next launch of ${service} makes it again.`;
      return desired === "running"
        ? wrong(path, message, `Run \`hale restart ${service}\`.`)
        : note(path, message);
    });
  });
}

function describe({ service, path, process }: RunningLog): Found {
  return wrong(
    path,
    `It was removed, and ${service} (pid ${process.pid}) still writes to the removed file.`,
    `What it writes is lost when it exits. Run \`hale restart ${service}\`, which opens a new file.`,
  );
}
