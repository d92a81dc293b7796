import { HaleError } from "../../errors.ts";
import { tryLockFile } from "../../platform/file_lock.ts";
import { findTempFiles, removeTempFiles } from "../../files/temp_files.ts";
import type { AppContext } from "../context.ts";
import { findSupervisor } from "../supervisor/connect_supervisor.ts";
import { type Found, note, ok, repaired, wrong } from "./finding.ts";
import { isThere } from "../../files/is_there.ts";

/**
 * Checks the supervisor of a home and its lock.
 *
 * @param context Home and environment; the home exists.
 * @param options `repair`: whether to remove the temporary files of killed supervisors.
 * @returns The results.
 */
export async function checkSupervisor(
  context: AppContext,
  options: { repair: boolean },
): Promise<Found[]> {
  const { supervisorFolder, supervisorLock } = context.paths;
  if (!isThere(supervisorFolder)) {
    return [note(supervisorFolder, "No supervisor was ever started in this home.")];
  }
  const found = [await lockAndEndpoint(context, isThere(supervisorLock))];
  for (const path of findTempFiles(supervisorFolder)) {
    found.push(note(path, "It is a temporary file of a killed supervisor.", "It is harmless."));
  }
  if (options.repair && found.length > 1) {
    removeTempFiles(supervisorFolder);
    return [found[0]!, ...found.slice(1).map(({ subject }) => repaired(subject, "Removed."))];
  }
  return found;
}

async function lockAndEndpoint(context: AppContext, hasLock: boolean): Promise<Found> {
  const { supervisorLock, supervisorEndpoint } = context.paths;
  try {
    using client = await findSupervisor(context);
    if (client !== null) {
      const { pid, version, url } = client.endpoint;
      return ok(supervisorLock, `Supervisor ${version} (pid ${pid}) responds at ${url}.`);
    }
    using lock = hasLock ? await tryLockFile(supervisorLock) : null;
    if (hasLock && lock === null) {
      return wrong(
        supervisorLock,
        "A process holds the lock of the home, but no supervisor responds.",
        `See ${context.paths.supervisorLog}. If this persists, stop the process that has the lock ` +
          "file open (find it with `lsof` or `fuser`). Services keep running, and the next command " +
          "starts a supervisor that adopts them.",
      );
    }
  } catch (error) {
    if (!(error instanceof HaleError)) throw error;
    return wrong(supervisorEndpoint, error.message, null);
  }
  return isThere(supervisorEndpoint)
    ? note(supervisorEndpoint, "The last supervisor was killed. The next command starts a new one.")
    : ok(supervisorLock, "No supervisor is running; its lock is free.");
}
