import { HaleError } from "../../errors.ts";
import { tryLockFile } from "../../platform/file_lock.ts";
import { findTempFiles, removeTempFiles } from "../../files/temp_files.ts";
import type { AppContext } from "../context.ts";
import { findSupervisor } from "../supervisor/connect_supervisor.ts";
import { type Found, note, ok, repaired, wrong } from "./finding.ts";
import { isThere } from "../../files/is_there.ts";

/**
 * Looks at the supervisor of a home and at the locks it works with.
 *
 * @param context Where hale works; the home is there.
 * @param options `repair`: whether to remove what killed programs have left.
 * @returns How they are.
 */
export async function checkSupervisor(
  context: AppContext,
  options: { repair: boolean },
): Promise<Found[]> {
  const { supervisorFolder, supervisorLock } = context.paths;
  if (!isThere(supervisorFolder)) {
    return [note(supervisorFolder, "No supervisor has ever run in this home.")];
  }
  const found = [await lockAndEndpoint(context, isThere(supervisorLock))];
  for (const path of findTempFiles(supervisorFolder)) {
    found.push(note(path, "A killed supervisor left it behind.", "It does no harm."));
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
      return ok(supervisorLock, `The supervisor ${version} (pid ${pid}) answers at ${url}.`);
    }
    using lock = hasLock ? await tryLockFile(supervisorLock) : null;
    if (hasLock && lock === null) {
      return wrong(
        supervisorLock,
        "Somebody holds the lock of the home and does not answer.",
        `See ${context.paths.supervisorLog}. If it stays so, end the process that has the file ` +
          "open (`lsof` or `fuser` names it): services run on, and the next command adopts them.",
      );
    }
  } catch (error) {
    if (!(error instanceof HaleError)) throw error;
    return wrong(supervisorEndpoint, error.message, null);
  }
  return isThere(supervisorEndpoint)
    ? note(supervisorEndpoint, "The last supervisor was killed. The next command starts a new one.")
    : ok(supervisorLock, "No supervisor runs, and nobody holds its lock.");
}
