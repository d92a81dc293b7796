import type { ServiceSpec } from "../../model/service_spec.ts";
import { type ServiceSnapshot, SNAPSHOT_SCHEMA_VERSION } from "../../model/snapshots.ts";

/**
 * The record of a service that was never started.
 *
 * @param runtimeId The runtime.
 * @param spec The service.
 * @param configDigest Digest of its configuration.
 */
export function newServiceSnapshot(
  runtimeId: string,
  spec: ServiceSpec,
  configDigest: string,
): ServiceSnapshot {
  return {
    schema_version: SNAPSHOT_SCHEMA_VERSION,
    runtime_id: runtimeId,
    service_id: spec.name,
    spec,
    binary: null,
    config_digest: configDigest,
    desired: "stopped",
    state: spec.program.kind === "unmanaged" ? "unmanaged" : "stopped",
    health: "unknown",
    launch: null,
    last_exit: null,
    reason: null,
    restarts: 0,
    failures_at: [],
  };
}
