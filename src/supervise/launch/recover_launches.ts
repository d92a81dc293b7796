/**
 * What a supervisor does with the launches of one that is gone.
 *
 * @module
 */

import type { ServiceSpec } from "../../model/service_spec.ts";
import type { LaunchRecord, ProcessIdentity } from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import type { Effects, RuntimeRecords } from "../effects.ts";
import { dependenciesFirst } from "../runtime/dependency_order.ts";
import { pidPath } from "./launch_files.ts";
import { launchMark } from "./launch_variables.ts";

/** A service as it was loaded. */
export interface RecoverableService {
  readonly name: string;
  readonly spec: ServiceSpec;
  readonly snapshot: ServiceSnapshot;
  /** See {@linkcode recoveryAction}. */
  resume(identity: ProcessIdentity | null, alive: boolean): void;
}

/** Settings of {@linkcode recoverLaunches}. */
export interface RecoveryOptions {
  readonly effects: Pick<Effects, "claimPidFile" | "orphanedGroup">;
  /** Where the pid files of the services are. */
  readonly records: Pick<RuntimeRecords, "paths">;
  /** Which of some processes still run. */
  stillRunning(identities: readonly ProcessIdentity[]): Promise<ReadonlySet<number>>;
}

/**
 * Finds out which of the recorded launches still run, and lets each service go on from there.
 *
 * @param services The services of a runtime, just loaded.
 * @param options How processes are looked for.
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
    // A supervisor that was killed between spawn and record left the launcher's own word; one that
    // was killed before the launcher had a word leaves a launch that must not come to life.
    const identity = launch.identity ??
      await effects.claimPidFile(pidPath(records.paths(service.name), launch));
    if (identity !== null) identities.set(service, identity);
  }
  const running = await stillRunning([...identities.values()]);
  // What others depend on first: they look at it when they are resumed themselves.
  for (const service of dependenciesFirst(services)) {
    const { launch } = service.snapshot;
    const identity = identities.get(service) ?? null;
    const alive = launch !== null && identity !== null &&
      (running.has(identity.pid) || await effects.orphanedGroup(identity, launchMark(launch)));
    service.resume(identity, alive);
  }
}

/** How a supervisor goes on with a service that another one left. */
export type RecoveryAction =
  /** Its process runs: it is taken over. */
  | { readonly kind: "adopt"; readonly launch: LaunchRecord; readonly identity: ProcessIdentity }
  /** Its process is gone, and nobody saw how: the restart policy decides. */
  | { readonly kind: "finish"; readonly launch: LaunchRecord }
  /** Somebody else runs it: it is watched again. */
  | { readonly kind: "watch" }
  /** It was about to be launched. */
  | { readonly kind: "launch" }
  /** It was being stopped, and is gone. */
  | { readonly kind: "settle" }
  /** What it waited for has come, or somebody's wish is still to be carried out. */
  | { readonly kind: "feed"; readonly event: "start" | "stop" | "pause_over" }
  | { readonly kind: "nothing" };

/**
 * Decides how to go on with a service from what is on record of it.
 *
 * @param snapshot The record.
 * @param running Its process, where that is proven to run.
 * @returns What to do.
 */
export function recoveryAction(
  { state, desired, launch }: Pick<ServiceSnapshot, "state" | "desired" | "launch">,
  running: ProcessIdentity | null,
): RecoveryAction {
  if (launch !== null && running !== null) return { kind: "adopt", launch, identity: running };
  if (state === "unmanaged") return { kind: desired === "running" ? "watch" : "nothing" };
  if (desired === "stopped" && state !== "stopping") return { kind: "feed", event: "stop" };
  if (launch !== null) return { kind: "finish", launch };
  switch (state) {
    case "starting":
      return { kind: "launch" };
    case "stopping":
      return { kind: "settle" };
    case "backoff":
      return { kind: "feed", event: "pause_over" };
    case "stopped":
      return { kind: "feed", event: "start" };
    default:
      return { kind: "nothing" };
  }
}
