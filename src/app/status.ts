/**
 * How services stand.
 *
 * @module
 */

import { configDigest } from "../config/config_digest.ts";
import type { RuntimeSpec, ServiceSpec } from "../model/service_spec.ts";
import type { ServiceStatus } from "../model/service_state.ts";
import type { ServiceSnapshot } from "../model/snapshots.ts";
import { stillRunning } from "../spawn/identify.ts";
import { runtimePaths } from "../store/home_paths.ts";
import { readServices } from "../store/read_services.ts";
import type { AppContext } from "./context.ts";
import { findSupervisor } from "./supervisor_access.ts";

/**
 * How the services of a runtime stand: as the supervisor says, or, where none is alive, as the
 * store remembers and the process table shows. Services of the configuration that were never
 * started are `stopped`.
 *
 * @param runtimeId The runtime.
 * @param spec Its configuration, where there is one.
 * @param context Where hale works.
 * @returns The services, those of the configuration first and in its order.
 */
export async function status(
  runtimeId: string,
  spec: RuntimeSpec | null,
  context: AppContext,
): Promise<readonly ServiceStatus[]> {
  using client = await findSupervisor(context);
  const known = client === null
    ? await readStatus(runtimeId, context)
    : (await client.status(runtimeId)).services;
  const snapshots = spec === null
    ? []
    : readServices(runtimePaths(context.home, runtimeId), runtimeId);
  const byName = new Map(known.map((service) => [service.name, service]));
  const configured = await Promise.all((spec?.services ?? []).map(async (service) => {
    const found = byName.get(service.name);
    if (found === undefined) return neverStarted(service);
    return { ...found, config_changed: await hasChanged(service, found, snapshots) };
  }));
  const names = new Set(configured.map(({ name }) => name));
  return [...configured, ...known.filter(({ name }) => !names.has(name))];
}

/**
 * How the services of a runtime stand where no supervisor is alive. Writes nothing.
 *
 * @param runtimeId The runtime.
 * @param context Where hale works.
 * @returns The services that the store knows.
 */
export async function readStatus(
  runtimeId: string,
  context: AppContext,
): Promise<readonly ServiceStatus[]> {
  const snapshots = readServices(runtimePaths(context.home, runtimeId), runtimeId);
  const identities = snapshots.flatMap(({ launch }) => launch?.identity ?? []);
  const running = await stillRunning(identities);
  return snapshots.map((snapshot) => {
    const pid = snapshot.launch?.identity?.pid ?? null;
    return fromSnapshot(snapshot, pid !== null && running.has(pid));
  });
}

function fromSnapshot(snapshot: ServiceSnapshot, alive: boolean): ServiceStatus {
  const { spec, state, launch, last_exit } = snapshot;
  const gone = !alive && (state === "running" || state === "starting" || state === "stopping");
  const startedAt = launch === null ? NaN : Date.parse(launch.at);
  return {
    name: snapshot.service_id,
    // Nobody is there to restart it: what the record says of a process that is gone is past.
    state: gone ? (snapshot.desired === "stopped" ? "stopped" : "crashed") : state,
    desired: snapshot.desired,
    health: alive ? snapshot.health : "unknown",
    pid: alive ? launch?.identity?.pid ?? null : null,
    uptime_seconds: alive ? Math.max(0, Math.floor((Date.now() - startedAt) / 1000)) : null,
    restarts: snapshot.restarts,
    exit_code: gone ? null : last_exit?.exit_code ?? null,
    signal: gone ? null : last_exit?.signal ?? null,
    endpoint: spec.endpoint,
    version: spec.version,
    binary: snapshot.binary,
    config_changed: alive && launch?.config_digest !== snapshot.config_digest,
    next_restart_at: null,
    reason: snapshot.reason,
  };
}

async function hasChanged(
  service: ServiceSpec,
  found: ServiceStatus,
  snapshots: readonly ServiceSnapshot[],
): Promise<boolean> {
  if (found.pid === null) return false;
  const launch = snapshots.find(({ service_id }) => service_id === service.name)?.launch;
  return launch?.config_digest !== await configDigest(service);
}

function neverStarted(spec: ServiceSpec): ServiceStatus {
  return {
    name: spec.name,
    state: spec.program.kind === "unmanaged" ? "unmanaged" : "stopped",
    desired: "stopped",
    health: "unknown",
    pid: null,
    uptime_seconds: null,
    restarts: 0,
    exit_code: null,
    signal: null,
    endpoint: spec.endpoint,
    version: spec.version,
    binary: null,
    config_changed: false,
    next_restart_at: null,
    reason: null,
  };
}
