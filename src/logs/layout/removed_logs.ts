import type { ProcessIdentity } from "../../model/service_state.ts";
import { basename, dirname, join } from "../../platform/path.ts";
import { type OpenedFile, openedPaths } from "../../platform/processes/opened_files.ts";
import { inspectFile } from "./log_files.ts";

/** A log that a running process was started with. */
export interface OpenLog extends OpenedFile {
  /** Path of the log. */
  readonly path: string;
}

/**
 * Lists the two logs of a launch.
 *
 * @param process The process.
 * @param paths The paths of its logs.
 */
export function openLogs(
  process: ProcessIdentity,
  paths: { readonly stdout: string; readonly stderr: string },
): readonly OpenLog[] {
  return [
    { process, path: paths.stdout, descriptor: 1 },
    { process, path: paths.stderr, descriptor: 2 },
  ];
}

/**
 * Finds logs that were removed while their programs have them open. What such a program writes is lost
 * when it exits.
 *
 * @param logs The logs of running processes.
 * @returns Those that were removed. On Linux also if there is a new file at the path; on other systems
 * only if there is none.
 */
export async function findRemovedLogs<L extends OpenLog>(
  logs: readonly L[],
): Promise<readonly L[]> {
  const opened = await openedPaths(logs);
  return logs.filter(({ path }, index) => {
    const target = opened[index] ?? null;
    if (target === null) return inspectFile(path) === null;
    return target === `${realPath(path)} (deleted)`;
  });
}

/** The path as the system shows it. The file itself does not exist. */
function realPath(path: string): string {
  try {
    return join(Deno.realPathSync(dirname(path)), basename(path));
  } catch {
    return path; // Its folder was removed too.
  }
}
