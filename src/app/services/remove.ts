/**
 * Removes stopped services from a home.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import { isThere } from "../../files/is_there.ts";
import { unknownService } from "../../model/unknown_service.ts";
import type { AppContext } from "../context.ts";
import type { FoundRuntime } from "../project/find_runtime.ts";
import { connectSupervisor } from "../supervisor/connect_supervisor.ts";
import { knownServices } from "./status.ts";

/** A service that was removed. */
export interface RemovedService {
  /** Name of the service. */
  readonly name: string;
  /** Folder of the data that the service itself wrote; null if there is none. hale keeps it. */
  readonly kept_data: string | null;
}

/**
 * Removes stopped services, with their logs and their history. All or none. What a service wrote into
 * its own data folder is kept.
 *
 * @param runtime The runtime.
 * @param services Names of the services.
 * @param context Home and environment.
 * @returns The removed services, in the order of the names.
 * @throws {HaleError} `usage` If a service is in the configuration, `unknown_service` if there is none
 * of a name, `already_running` if one is not stopped, `config_invalid` if the configuration exists and
 * is not valid: a service may then still be in it.
 */
export async function remove(
  runtime: FoundRuntime,
  services: readonly string[],
  context: AppContext,
): Promise<readonly RemovedService[]> {
  const { id, place, spec, problem } = runtime;
  if (problem !== null && isThere(place)) throw problem;
  const configured = spec?.services.map(({ name }) => name) ?? [];
  const owned = services.find((name) => configured.includes(name));
  if (owned !== undefined) {
    throw new HaleError(
      "usage",
      `${owned} cannot be removed: it is a service of ${place}. Delete its table ` +
        `[services.${owned}] from that file first; \`hale stop ${owned}\` only stops it.`,
      { fields: { service: owned, config_path: spec?.config_path ?? null } },
    );
  }
  const known = knownServices(id, spec, context);
  const unknown = services.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw unknownService(unknown, place, known);
  using client = await connectSupervisor(context);
  const { kept } = await client.remove(id, { services, actor: context.actor });
  return [...new Set(services)].map((name) => ({ name, kept_data: kept[name] ?? null }));
}
