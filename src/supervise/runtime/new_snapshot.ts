import type { ServiceSpec } from "../../model/service_spec.ts";
import { type ServiceSnapshot, SNAPSHOT_SCHEMA_VERSION } from "../../model/snapshots.ts";

/**
 * Returns the snapshot of a service that has never been started.
 *
 * @param runtimeId Id of the runtime.
 * @param config The service and the digest of its configuration.
 * @returns The snapshot.
 */
export function newSnapshot(
  runtimeId: string,
  { spec, config_digest }: { readonly spec: ServiceSpec; readonly config_digest: string },
): ServiceSnapshot {
  return {
    schema_version: SNAPSHOT_SCHEMA_VERSION,
    runtime_id: runtimeId,
    service_id: spec.name,
    spec,
    binary: null,
    binary_version: null,
    reported_version: null,
    config_digest,
    desired: "stopped",
    state: spec.program.kind === "unmanaged" ? "unmanaged" : "stopped",
    health: "unknown",
    launch: null,
    launched_spec: null,
    last_exit: null,
    completed_digest: null,
    reason: null,
    restarts: 0,
    next_restart_at: null,
    failures_at: [],
  };
}
