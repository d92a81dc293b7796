/**
 * Reads the status of services.
 *
 * @module
 */

import { configDigest } from "../../config/config_digest.ts";
import type { ErrorRecord } from "../../errors.ts";
import type { RuntimeSpec, ServiceSpec } from "../../model/service_spec.ts";
import type { ServiceStatus } from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import { stillRunning } from "../../spawn/identify.ts";
import { runtimePaths } from "../../home/home_paths.ts";
import { readServices } from "../../store/runtime/read_services.ts";
import type { AppContext } from "../context.ts";
import { findSupervisor } from "../supervisor/connect_supervisor.ts";

/**
 * Reads the status of the services of a runtime: from the supervisor or, if none runs, from the
 * store, the process table and a health check. Services of the configuration that were never started
 * are `stopped`.
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
  const { known, launched } = await readKnown(runtimeId, context);
  const byName = new Map(known.map((service) => [service.name, service]));
  const configured = await Promise.all((spec?.services ?? []).map(async (service) => {
    const found = byName.get(service.name);
    if (found === undefined) return neverStarted(service);
    return { ...found, config_changed: await hasChanged(service, found, launched) };
  }));
  const names = new Set(configured.map(({ name }) => name));
  return [...configured, ...known.filter(({ name }) => !names.has(name))];
}

/** The known services and the digests of the configurations of their launches. */
async function readKnown(runtimeId: string, context: AppContext): Promise<{
  known: readonly ServiceStatus[];
  launched: Readonly<Record<string, string>>;
}> {
  using client = await findSupervisor(context);
  if (client !== null) {
    const { services, launched } = await client.status(runtimeId);
    return { known: services, launched };
  }
  const snapshots = readServices(runtimePaths(context.home, runtimeId), runtimeId);
  const launches = snapshots.flatMap(({ service_id, launch }) =>
    launch === null ? [] : [[service_id, launch.config_digest]]
  );
  return {
    known: await Promise.all((await fromSnapshots(snapshots)).map(withCurrentHealth)),
    launched: Object.fromEntries(launches),
  };
}

/**
 * Reads the status of the services of a runtime without a supervisor, with their last known health.
 * Writes nothing.
 *
 * @param runtimeId The runtime.
 * @param context Home and environment.
 * @returns The services in the store.
 */
export async function readStatus(
  runtimeId: string,
  context: AppContext,
): Promise<readonly ServiceStatus[]> {
  const snapshots = readServices(runtimePaths(context.home, runtimeId), runtimeId);
  return (await fromSnapshots(snapshots)).map(({ status }) => status);
}

/** A stored service. */
interface StoredService {
  readonly snapshot: ServiceSnapshot;
  readonly status: ServiceStatus;
}

async function fromSnapshots(snapshots: readonly ServiceSnapshot[]): Promise<StoredService[]> {
  const running = await stillRunning(snapshots.flatMap(({ launch }) => launch?.identity ?? []));
  return snapshots.map((snapshot) => {
    const pid = snapshot.launch?.identity?.pid ?? null;
    return { snapshot, status: fromSnapshot(snapshot, pid !== null && running.has(pid)) };
  });
}

function fromSnapshot(snapshot: ServiceSnapshot, alive: boolean): ServiceStatus {
  const { spec, state, desired, launch, last_exit } = snapshot;
  const exited = !alive && (state === "running" || state === "starting" || state === "stopping");
  const startedAt = launch === null ? NaN : Date.parse(launch.at);
  const crashed = exited && desired === "running";
  return {
    name: snapshot.service_id,
    // The record is outdated: the process exited, and no supervisor restarts it.
    state: crashed ? "crashed" : exited ? "stopped" : state,
    desired,
    health: alive || state === "unmanaged" ? snapshot.health : "unknown",
    pid: alive ? launch?.identity?.pid ?? null : null,
    uptime_seconds: alive ? Math.max(0, Math.floor((Date.now() - startedAt) / 1000)) : null,
    restarts: snapshot.restarts,
    exit_code: exited ? null : last_exit?.exit_code ?? null,
    signal: exited ? null : last_exit?.signal ?? null,
    endpoint: spec.endpoint,
    version: spec.version,
    binary: snapshot.binary,
    config_changed: alive && launch?.config_digest !== snapshot.config_digest,
    next_restart_at: null,
    reason: crashed ? exitedUnsupervised(snapshot.service_id) : snapshot.reason,
  };
}

function exitedUnsupervised(name: string): ErrorRecord {
  return {
    code: "service_exited",
    message: `${name} exited; status unknown (no supervisor was running). ` +
      `Start it with \`hale start ${name}\`.`,
    fields: { service: name },
  };
}

/** Replaces the health that the last supervisor recorded by that of a new health check. */
async function withCurrentHealth({ snapshot, status }: StoredService): Promise<ServiceStatus> {
  const { health } = snapshot.spec;
  const watched = status.state === "unmanaged" && status.desired === "running";
  if (health === null || (status.pid === null && !watched)) return status;
  // The other kinds of checks need the launch's log or environment.
  if (health.check.kind !== "http" && health.check.kind !== "tcp") return status;
  const { probe } = await import("../../health/probe.ts");
  const { kind } = await probe(health.check, { timeoutMs: health.timeout_ms });
  const waiting = status.state === "starting" ? "starting" : "unhealthy";
  return { ...status, health: kind === "healthy" ? "healthy" : waiting };
}

async function hasChanged(
  service: ServiceSpec,
  { pid }: ServiceStatus,
  launched: Readonly<Record<string, string>>,
): Promise<boolean> {
  return pid !== null && launched[service.name] !== await configDigest(service);
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
