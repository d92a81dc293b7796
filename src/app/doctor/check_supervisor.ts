import { HaleError } from "../../errors.ts";
import { tryLockFile } from "../../platform/file_lock.ts";
import { findTempFiles, removeTempFiles } from "../../files/temp_files.ts";
import type { AppContext } from "../context.ts";
import { connectSupervisor, findSupervisor } from "../supervisor/connect_supervisor.ts";
import { supervisorPlace } from "../supervisor/read_endpoint.ts";
import { type WantedService, wantedServices } from "../supervisor/wanted_services.ts";
import { type Found, note, ok, repaired, wrong } from "./finding.ts";
import { isThere } from "../../files/is_there.ts";

/**
 * Checks the supervisor of a home and its lock.
 *
 * @param context Home and environment; the home exists.
 * @param options `repair`: whether to start a supervisor for services that need one, and to remove the
 * temporary files of killed ones.
 * @returns The results.
 */
export async function checkSupervisor(
  context: AppContext,
  options: { repair: boolean },
): Promise<Found[]> {
  const { supervisorFolder, supervisorLock } = context.paths;
  if (!isThere(supervisorFolder) && wantedServices(context.home).length === 0) {
    return [ok(supervisorFolder, "There is no trace of a supervisor in this home.")];
  }
  const { repair } = options;
  const found = [await lockAndEndpoint(context, { hasLock: isThere(supervisorLock), repair })];
  for (const path of findTempFiles(supervisorFolder)) {
    const message =
      "It is a temporary file: a supervisor is writing it, or was killed while writing.";
    found.push(note(path, message, "It is harmless."));
  }
  if (repair && found.length > 1) {
    removeTempFiles(supervisorFolder);
    return [found[0]!, ...found.slice(1).map(({ subject }) => repaired(subject, "Removed."))];
  }
  return found;
}

async function lockAndEndpoint(
  context: AppContext,
  { hasLock, repair }: { hasLock: boolean; repair: boolean },
): Promise<Found> {
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
        `See ${context.paths.supervisorLog}. If this persists, ${await howToEnd(
          context,
        )}. Services ` +
          "keep running. Then run `hale doctor --repair`, which starts a supervisor that adopts them.",
      );
    }
  } catch (error) {
    if (!(error instanceof HaleError)) throw error;
    return wrong(supervisorEndpoint, error.message, null);
  }
  const wanted = wantedServices(context.home);
  if (wanted.length > 0) return await unsupervised(context, wanted, repair);
  return isThere(supervisorEndpoint)
    ? note(
      supervisorEndpoint,
      "The last supervisor was killed. No service needs one; a command that does starts one.",
    )
    : ok(supervisorLock, "No supervisor is running, and no service needs one. Its lock is free.");
}

/** The last supervisor that listened has the lock, unless another program holds it. */
async function howToEnd(context: AppContext): Promise<string> {
  const { pid } = await supervisorPlace(context);
  return pid === null
    ? "stop the process that has the lock file open (find it with `lsof` or `fuser`)"
    : `end the supervisor with \`kill -9 ${pid}\``;
}

/** Services have no supervisor: nothing restarts those that should run, and nothing ends the others. */
async function unsupervised(
  context: AppContext,
  wanted: readonly WantedService[],
  repair: boolean,
): Promise<Found> {
  const { supervisorLock, supervisorLog } = context.paths;
  const named = (desired: WantedService["desired"]) =>
    wanted.filter((service) => service.desired === desired).map(({ id }) => id).join(", ");
  const missing = [
    { names: named("running"), does: "restarts" },
    { names: named("stopped"), does: "completes the stop of" },
  ].filter(({ names }) => names !== "").map(({ names, does }) => `nothing ${does} ${names}`);
  const message = `No supervisor is running, so ${missing.join(", and ")}.`;
  if (!repair) {
    return wrong(
      supervisorLock,
      message,
      "`hale doctor --repair` starts one, and so does `hale status`. If none stays, see " +
        `${supervisorLog}.`,
    );
  }
  try {
    using client = await connectSupervisor(context);
    return repaired(supervisorLock, `${message} Started one (pid ${client.endpoint.pid}).`);
  } catch (error) {
    if (!(error instanceof HaleError)) throw error;
    return wrong(supervisorLock, `${message} ${error.message}`, null);
  }
}
