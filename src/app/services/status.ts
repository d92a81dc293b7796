/**
 * Reads the status of services.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import { configDigest } from "../../config/config_digest.ts";
import { runtimePaths } from "../../home/home_paths.ts";
import type { RuntimeSpec, ServiceSpec } from "../../model/service_spec.ts";
import type { ServiceStatus } from "../../model/service_state.ts";
import { isSameConfig } from "../../model/same_config.ts";
import { readServices } from "../../store/runtime/read_services.ts";
import type { StatusResponse } from "../../supervise/api/api_types.ts";
import type { AppContext } from "../context.ts";
import { findSupervisor } from "../supervisor/connect_supervisor.ts";
import { type UnsupervisedStatus, unsupervisedStatus } from "./unsupervised_status.ts";

/** A supervisor with hundreds of services answers within a tenth of this, in milliseconds. */
const ANSWER_MS = 3_000;

/**
 * Reads the status of the services of a runtime: from the supervisor or, if none responds, from the
 * store, the process table and a health check made now. Services of the configuration that were never
 * started are `stopped`.
 *
 * @param runtimeId The runtime.
 * @param spec Its configuration, if there is one.
 * @param context Home and environment.
 * @returns The services, those of the configuration first and in its order.
 */
export async function status(
  runtimeId: string,
  spec: RuntimeSpec | null,
  context: AppContext,
): Promise<readonly ServiceStatus[]> {
  const { services: known, launched, supervised } = await readKnown(runtimeId, context);
  const byName = new Map(known.map((service) => [service.name, service]));
  const configured = await Promise.all((spec?.services ?? []).map(async (service) => {
    const found = byName.get(service.name);
    if (found === undefined) return neverStarted(service, supervised);
    const config_changed = await hasChanged(service, found, launched);
    return { ...found, wanted_version: service.version, config_changed };
  }));
  const names = new Set(configured.map(({ name }) => name));
  return [...configured, ...known.filter(({ name }) => !names.has(name))];
}

/**
 * Returns the names of the services of a runtime, configured or ever started. Asks no supervisor.
 *
 * @param runtimeId The runtime.
 * @param spec Its configuration, if there is one.
 * @param context Home and environment.
 * @returns The names, those of the configuration first and in its order.
 */
export function knownServices(
  runtimeId: string,
  spec: RuntimeSpec | null,
  { home }: Pick<AppContext, "home">,
): readonly string[] {
  const stored = readServices(runtimePaths(home, runtimeId), runtimeId);
  const configured = spec?.services.map(({ name }) => name) ?? [];
  return [...new Set([...configured, ...stored.map(({ service_id }) => service_id)])];
}

/**
 * Reads the status of the services of a runtime without a supervisor and without health checks: their
 * health is `unknown`. Writes nothing.
 *
 * @param runtimeId The runtime.
 * @param context Home and environment.
 * @returns The services in the store.
 */
export async function readStatus(
  runtimeId: string,
  context: AppContext,
): Promise<readonly ServiceStatus[]> {
  return (await unsupervisedStatus(runtimeId, context, { checkHealth: false })).services;
}

/** The known services and the digests of the configurations of their launches. */
async function readKnown(
  runtimeId: string,
  context: AppContext,
): Promise<UnsupervisedStatus & { readonly supervised: boolean }> {
  const response = await askSupervisor(runtimeId, context);
  if (response === null) {
    const found = await unsupervisedStatus(runtimeId, context, { checkHealth: true });
    return { ...found, supervised: false };
  }
  const { services, launched } = response;
  // A supervisor of an earlier version does not send these fields.
  const supervised = services.map((service) => ({
    ...service,
    survivors: service.survivors ?? [],
    has_health_check: service.has_health_check ?? service.health !== "unknown",
    health_detail: service.health_detail ?? null,
    supervised: true,
  }));
  return { services: supervised, launched, supervised: true };
}

/** Returns null without a supervisor that answers: the process table then says what is true. */
async function askSupervisor(
  runtimeId: string,
  context: AppContext,
): Promise<StatusResponse | null> {
  using client = await findSupervisor(context);
  if (client === null) return null;
  const timeout = AbortSignal.timeout(ANSWER_MS);
  try {
    return await client.status(runtimeId, timeout);
  } catch (error) {
    // It was killed, suspended or asked to end since it was found.
    const isGone = error instanceof HaleError && error.code === "supervisor_unavailable";
    if (timeout.aborted || isGone) return null;
    throw error;
  }
}

async function hasChanged(
  service: ServiceSpec,
  { pid }: ServiceStatus,
  launched: Readonly<Record<string, string>>,
): Promise<boolean> {
  const digest = launched[service.name];
  if (pid === null || digest === undefined) return pid !== null;
  return !isSameConfig(digest, await configDigest(service));
}

function neverStarted(spec: ServiceSpec, supervised: boolean): ServiceStatus {
  return {
    name: spec.name,
    supervised,
    state: spec.program.kind === "unmanaged" ? "unmanaged" : "stopped",
    desired: "stopped",
    done: false,
    waiting_for: null,
    has_health_check: spec.health !== null,
    health: "unknown",
    health_detail: null,
    pid: null,
    uptime_seconds: null,
    restarts: 0,
    exit_code: null,
    signal: null,
    endpoint: spec.endpoint,
    version: null,
    wanted_version: spec.version,
    binary: null,
    config_changed: false,
    next_restart_at: null,
    survivors: [],
    reason: null,
  };
}
