/**
 * The status of services while no supervisor is running: from the store, the process table and health
 * checks made now. What the last supervisor observed is not repeated, because it may be outdated.
 *
 * @module
 */

import type { ErrorRecord } from "../../errors.ts";
import type { Health, ProcessIdentity, ServiceStatus } from "../../model/service_state.ts";
import { runningVersion } from "../../model/running_version.ts";
import { isSameConfig } from "../../model/same_config.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import { runtimePaths, servicePaths } from "../../home/home_paths.ts";
import { bootId, inspectProcesses, type ProcessInfo } from "../../platform/mod.ts";
import { isSameProcess } from "../../spawn/identify.ts";
import { identityFromPidFile } from "../../spawn/launch.ts";
import { readServices } from "../../store/runtime/read_services.ts";
import { pidPath } from "../../supervise/launch/launch_files.ts";
import type { AppContext } from "../context.ts";
import { checkHealthNow, type HealthNow, NO_HEALTH } from "./check_health_now.ts";

/** The services of a runtime without a supervisor. */
export interface UnsupervisedStatus {
  readonly services: readonly ServiceStatus[];
  /** Configuration digests of the launches, by service. */
  readonly launched: Readonly<Record<string, string>>;
}

/**
 * Reads the status of the services of a runtime without a supervisor. Writes nothing.
 *
 * @param runtimeId The runtime.
 * @param context Home and environment.
 * @param options `checkHealth`: whether to run health checks. Without them health is `unknown`.
 * @returns The services in the store.
 */
export async function unsupervisedStatus(
  runtimeId: string,
  context: AppContext,
  options: { readonly checkHealth: boolean },
): Promise<UnsupervisedStatus> {
  const runtime = runtimePaths(context.home, runtimeId);
  const snapshots = readServices(runtime, runtimeId);
  const processes = await runningProcesses(
    await Promise.all(snapshots.map((snapshot) => identityOf(snapshot, context))),
  );
  const launched: Record<string, string> = {};
  for (const { service_id, launch } of snapshots) {
    if (launch !== null) launched[service_id] = launch.config_digest;
  }
  const services = await Promise.all(snapshots.map(async (snapshot, index) => {
    const running = processes[index] ?? null;
    const health = options.checkHealth
      ? await checkHealthNow(snapshot, running, servicePaths(runtime, snapshot.service_id))
      : NO_HEALTH;
    return statusOf(snapshot, running, health);
  }));
  return { services, launched };
}

/** The process of the recorded launch; null if there is none, or none that can be identified. */
async function identityOf(
  { runtime_id, service_id, launch }: ServiceSnapshot,
  { home }: AppContext,
): Promise<ProcessIdentity | null> {
  if (launch === null) return null;
  if (launch.identity !== null) return launch.identity;
  // The supervisor was killed before it recorded the process, which the launcher may have started.
  const paths = servicePaths(runtimePaths(home, runtime_id), service_id);
  return await identityFromPidFile(pidPath(paths, launch));
}

/** The process table entries of the recorded processes; null for those that have exited. */
async function runningProcesses(
  identities: readonly (ProcessIdentity | null)[],
): Promise<readonly (ProcessInfo | null)[]> {
  const pids = identities.flatMap((identity) => identity?.pid ?? []);
  if (pids.length === 0) return identities.map(() => null);
  const [boot, table] = await Promise.all([bootId(), inspectProcesses(pids)]);
  return identities.map((identity) => {
    if (identity === null) return null;
    const info = table.get(identity.pid);
    return info !== undefined && isSameProcess(identity, info, boot) ? info : null;
  });
}

function statusOf(
  snapshot: ServiceSnapshot,
  running: ProcessInfo | null,
  { health, detail, version }: HealthNow,
): ServiceStatus {
  const { spec, desired, launch, last_exit } = snapshot;
  const state = stateOf(snapshot, running, health);
  // The record is outdated: its process has exited, and how is not known.
  const isOutdated = state !== snapshot.state && running === null;
  const ranMs = running === null || launch === null ? null : ranMsOf(launch.at);
  return {
    name: snapshot.service_id,
    supervised: false,
    state,
    desired,
    done: state === "stopped" && desired === "stopped" && snapshot.completed_digest !== null,
    waiting_for: null,
    has_health_check: spec.health !== null,
    health: health === "unhealthy" && state === "starting" ? "starting" : health,
    health_detail: detail,
    pid: running?.pid ?? null,
    uptime_seconds: ranMs === null ? null : Math.floor(ranMs / 1000),
    restarts: snapshot.restarts,
    exit_code: isOutdated ? null : last_exit?.exit_code ?? null,
    signal: isOutdated ? null : last_exit?.signal ?? null,
    endpoint: spec.endpoint,
    version: running === null ? version : version ?? runningVersion(snapshot, { isLaunched: true }),
    wanted_version: running === null ? spec.version : launch?.wanted_version ?? spec.version,
    binary: snapshot.binary,
    config_changed: running !== null && launch !== null &&
      !isSameConfig(launch.config_digest, snapshot.config_digest),
    next_restart_at: null,
    survivors: [],
    reason: isOutdated && state === "crashed" ? outdatedReason(snapshot) : snapshot.reason,
  };
}

/** The state that the process table proves. */
function stateOf(
  { state, desired, spec, launch }: ServiceSnapshot,
  running: ProcessInfo | null,
  health: Health,
): ServiceStatus["state"] {
  const hadProcess = state === "running" || state === "starting" || state === "stopping";
  // Other processes of the launch may be left: only a supervisor proves that a stop is complete.
  if (hadProcess && running === null) return desired === "running" ? "crashed" : "stopping";
  if (state !== "starting" || running === null || launch === null) return state;
  const isReady = spec.health === null
    ? ranMsOf(launch.at) >= spec.ready_after_ms
    : health === "healthy";
  return isReady ? "running" : "starting";
}

function ranMsOf(launchedAt: string): number {
  return Math.max(0, Date.now() - Date.parse(launchedAt));
}

function outdatedReason({ service_id: name, state }: ServiceSnapshot): ErrorRecord {
  const message = state === "starting"
    ? `${name} is not running: no supervisor is running, and the last one ended while it was ` +
      "starting."
    : `${name} exited while no supervisor was running; its exit status is unknown.`;
  return { code: "service_exited", message, fields: { service: name } };
}
