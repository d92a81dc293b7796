import { HaleError, messageOf } from "../../errors.ts";
import type { SupervisorClient } from "../../supervise/api/api_client.ts";
import { isUnresponsive } from "../../supervise/api/unresponsive.ts";
import type { AppContext } from "../context.ts";
import { nameSurvivors, survivorAdvice } from "../../supervise/exit/name_processes.ts";
import { listRuntimes } from "../../store/runtime/list_runtimes.ts";
import { findSupervisor } from "../supervisor/connect_supervisor.ts";
import { type Found, ok, wrong } from "./finding.ts";

/**
 * Checks whether the supervisor could end all processes that it was to end.
 *
 * @param context Home and environment; the home exists.
 * @returns The results; none without a supervisor.
 */
export async function checkServices(context: AppContext): Promise<Found[]> {
  using client = await findSupervisor(context).catch((error) => {
    // The check of the supervisor reports it.
    if (error instanceof HaleError) return null;
    throw error;
  });
  if (client === null) return [];
  try {
    return await checkSurvivors(client, context);
  } catch (error) {
    if (!isUnresponsive(error)) throw error;
    return [wrong(context.paths.supervisorLock, messageOf(error), null)];
  }
}

async function checkSurvivors(client: SupervisorClient, context: AppContext): Promise<Found[]> {
  const found: Found[] = [];
  for (const runtime of listRuntimes(context.home)) {
    // The check of the store reports a broken one.
    if (runtime.kind === "broken") continue;
    const { runtimeId } = runtime;
    for (const { name, survivors = [] } of (await client.status(runtimeId)).services) {
      if (survivors.length === 0) continue;
      found.push(wrong(
        `${runtimeId}/${name}`,
        `${name} is stopping: hale could not end ${nameSurvivors(survivors)}.`,
        survivorAdvice(survivors),
      ));
    }
  }
  return found.length > 0
    ? found
    : [ok(context.paths.runtimes, "No process is left that hale could not end.")];
}
