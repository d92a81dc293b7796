/**
 * Recovery of the launches of an earlier supervisor.
 *
 * @module
 */

import type { ServiceSpec } from "../../model/service_spec.ts";
import type { LaunchRecord, ProcessIdentity } from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import type { Effects, RuntimeRecords } from "../effects.ts";
import type { RecordedActs } from "../recorded_acts.ts";
import { dependenciesFirst } from "../dependency_order.ts";
import { pidPath } from "./launch_files.ts";

/** A service as loaded from the store. */
export interface RecoverableService {
  readonly name: string;
  readonly spec: ServiceSpec;
  readonly snapshot: ServiceSnapshot;
  /** See {@linkcode recoveryAction}. */
  resume(
    identity: ProcessIdentity | null,
    options: { readonly alive: boolean; readonly recorded?: RecordedActs | undefined },
  ): void;
}

/** Settings of {@linkcode recoverLaunches}. */
export interface RecoveryOptions {
  readonly effects: Pick<Effects, "claimPidFile" | "traceLaunch">;
  /** Has the paths of the pid files. */
  readonly records: Pick<RuntimeRecords, "paths" | "recallActs">;
  /** Returns the pids of the processes that are still running. */
  stillRunning(identities: readonly ProcessIdentity[]): Promise<ReadonlySet<number>>;
}

/**
 * Determines which of the recorded launches are still running, and resumes each service accordingly.
 *
 * @param services The services of a runtime, as loaded from the store.
 * @param options How to find their processes.
 */
export async function recoverLaunches(
  services: readonly RecoverableService[],
  options: RecoveryOptions,
): Promise<void> {
  const { effects, records, stillRunning } = options;
  const identities = new Map<RecoverableService, ProcessIdentity>();
  for (const service of services) {
    const { launch } = service.snapshot;
    if (launch === null) continue;
    // The earlier supervisor was killed before it recorded the process. Either the pid file
    // identifies the process, or claiming the file prevents the launch.
    const identity = launch.identity ??
      await effects.claimPidFile(pidPath(records.paths(service.name), launch));
    if (identity !== null) identities.set(service, identity);
  }
  const running = await stillRunning([...identities.values()]);
  const recorded = await records.recallActs();
  // Dependencies first: services check the state of their dependencies when they are resumed.
  for (const service of dependenciesFirst(services)) {
    const { launch } = service.snapshot;
    const identity = identities.get(service) ?? null;
    const alive = launch !== null && identity !== null &&
      (running.has(identity.pid) || await hasProcesses(service, launch, options, identity));
    service.resume(identity, { alive, recorded: recorded.get(service.name) });
  }
}

/** Returns whether processes of a launch are running although its own process has exited. */
async function hasProcesses(
  { name }: RecoverableService,
  launch: LaunchRecord,
  { effects, records }: RecoveryOptions,
  leader: ProcessIdentity,
): Promise<boolean> {
  const pidFile = pidPath(records.paths(name), launch);
  const { group, outside } = await effects.traceLaunch(launch.id, { pidFile, leader }).find();
  return group.length + outside.length > 0;
}

/** How a supervisor resumes a service of an earlier supervisor. */
export type RecoveryAction =
  /** Its process is running: adopt it. */
  | { readonly kind: "adopt"; readonly launch: LaunchRecord; readonly identity: ProcessIdentity }
  /** Its process exited unobserved: record the exit and apply the restart policy. */
  | { readonly kind: "record_exit"; readonly launch: LaunchRecord }
  /** It is unmanaged: monitor its health. */
  | { readonly kind: "monitor" }
  /** It was about to be launched: launch it. */
  | { readonly kind: "launch" }
  /** It waits for its restart: wait for the rest of the delay. */
  | { readonly kind: "continue_backoff" }
  /** It was being stopped and its process is gone: complete the stop. */
  | { readonly kind: "complete_stop" }
  /** Its state and desired state differ: dispatch the event that leads to the desired state. */
  | { readonly kind: "dispatch"; readonly event: "start" | "stop" }
  | { readonly kind: "none" };

/**
 * Decides how to resume a service, from its snapshot.
 *
 * @param snapshot The snapshot.
 * @param running The process of its launch; null unless it is proven to be running.
 * @returns The action.
 */
export function recoveryAction(
  { state, desired, launch }: Pick<ServiceSnapshot, "state" | "desired" | "launch">,
  running: ProcessIdentity | null,
): RecoveryAction {
  if (launch !== null && running !== null) return { kind: "adopt", launch, identity: running };
  if (state === "unmanaged") return { kind: desired === "running" ? "monitor" : "none" };
  if (desired === "stopped" && state !== "stopping") return { kind: "dispatch", event: "stop" };
  if (launch !== null) return { kind: "record_exit", launch };
  switch (state) {
    case "starting":
      return { kind: "launch" };
    case "stopping":
      return { kind: "complete_stop" };
    case "backoff":
      return { kind: "continue_backoff" };
    case "stopped":
      return { kind: "dispatch", event: "start" };
    default:
      return { kind: "none" };
  }
}
