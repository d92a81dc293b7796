/**
 * The snapshots of a runtime and of its services, as they are written to disk.
 *
 * @module
 */

import type { ErrorRecord } from "../errors.ts";
import type { ServiceSpec, StoreSpec } from "./service_spec.ts";
import type { DesiredState, Exit, Health, LaunchRecord, ServiceState } from "./service_state.ts";

/** Schema version of the snapshots that this hale writes. Other versions are never overwritten. */
export const SNAPSHOT_SCHEMA_VERSION = 3;

/** `runtime.json`: identity and retention of a runtime. */
export interface RuntimeSnapshot {
  readonly schema_version: typeof SNAPSHOT_SCHEMA_VERSION;
  readonly runtime_id: string;
  /** Name for people; null if none was given. */
  readonly display_name: string | null;
  /** Absolute path of the `hale.toml` that was applied last. Null for a runtime without one. */
  readonly config_path: string | null;
  /** When hale first stored the runtime: ISO 8601. */
  readonly created_at: string;
  /** `open` while a supervisor runs: `open` without a supervisor means that it was killed. */
  readonly status: "open" | "closed";
  readonly limits: StoreSpec;
  /** Higher than all event ids when the snapshot was written. The log may have newer events. */
  readonly next_event_id: number;
  /** The newest diagnostics, oldest first. Retention may have removed their events. */
  readonly diagnostics: readonly RecordedDiagnostic[];
}

/** A diagnostic in `runtime.json`. */
export interface RecordedDiagnostic {
  /** ISO 8601. */
  readonly at: string;
  readonly service: string | null;
  readonly code: string;
  readonly message: string;
}

/** `service.json`: desired and last observed state of a service. */
export interface ServiceSnapshot {
  readonly schema_version: typeof SNAPSHOT_SCHEMA_VERSION;
  readonly runtime_id: string;
  readonly service_id: string;
  readonly spec: ServiceSpec;
  /** Absolute path of the executable of the next launch. Null until it is resolved. */
  readonly binary: string | null;
  /** Version of the release that `binary` is from; null if it is from no release. */
  readonly binary_version: string | null;
  /** The version that the running program reported in its last health answer; null if none. */
  readonly reported_version: string | null;
  /** Digest of the configuration of the next launch. */
  readonly config_digest: string;
  readonly desired: DesiredState;
  readonly state: ServiceState;
  readonly health: Health;
  /** The current launch, or the last one. */
  readonly launch: LaunchRecord | null;
  /** What `launch` was launched with, if `spec` has changed since; null if they are the same. */
  readonly launched_spec: ServiceSpec | null;
  readonly last_exit: Exit | null;
  /** Configuration digest of the launch that completed, if the service is a job that is done. */
  readonly completed_digest: string | null;
  /** The error, if the state is `crashed`. */
  readonly reason: ErrorRecord | null;
  /** Automatic restarts since the last start by a user. One that is pending is not counted yet. */
  readonly restarts: number;
  /** When it is restarted, in the state `backoff`: ISO 8601. Else null. */
  readonly next_restart_at: string | null;
  /** Times of the failures that the restart policy still counts: ISO 8601, oldest first. */
  readonly failures_at: readonly string[];
}

/** `service.json` as it is written to disk, with the field that the store adds. */
export interface StoredServiceSnapshot extends ServiceSnapshot {
  /** Higher than all transcript ids when the snapshot was written. */
  readonly next_transcript_id: number;
}

/** `configs/DIGEST.json`: the configuration of a launch. Never changed after it is written. */
export interface ConfigBundle {
  readonly schema_version: typeof SNAPSHOT_SCHEMA_VERSION;
  readonly runtime_id: string;
  readonly service_id: string;
  /** Digest of the whole specification, including the values of its environment. */
  readonly config_digest: string;
  /** Time of the first launch with it: ISO 8601. */
  readonly first_launched_at: string;
  /** Absolute path of the executable of that launch. */
  readonly binary: string;
  readonly spec: BundledSpec;
}

/**
 * A specification without the values of its environment and of the headers of its health checks,
 * which may be secret.
 */
export type BundledSpec = Omit<ServiceSpec, "env"> & {
  /** Names of the variables. */
  readonly env: readonly string[];
};

/** `environment.json`: inherited environment of automatic restarts. Values may be secret. */
export interface EnvironmentSnapshot {
  readonly schema_version: typeof SNAPSHOT_SCHEMA_VERSION;
  readonly runtime_id: string;
  readonly service_id: string;
  readonly env: Readonly<Record<string, string>>;
}
