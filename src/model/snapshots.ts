/**
 * The snapshots of a runtime and of its services, as they stand on disk.
 *
 * @module
 */

import type { ErrorRecord } from "../errors.ts";
import type { ServiceSpec, StoreSpec } from "./service_spec.ts";
import type { DesiredState, Exit, Health, LaunchRecord, ServiceState } from "./service_state.ts";

/** The schema of the snapshots that this hale writes. Another one is never overwritten. */
export const SNAPSHOT_SCHEMA_VERSION = 2;

/** `runtime.json`: whose runtime it is. */
export interface RuntimeSnapshot {
  readonly schema_version: typeof SNAPSHOT_SCHEMA_VERSION;
  readonly runtime_id: string;
  /** For people; null where nobody gave it one. */
  readonly display_name: string | null;
  /** Absolute path of the `hale.toml` that was applied last. Null for a runtime without one. */
  readonly config_path: string | null;
  /** ISO 8601 time at which hale first kept anything of it. */
  readonly created_at: string;
  /** `open` while a supervisor writes it: whoever finds it so without one knows that it was killed. */
  readonly status: "open" | "closed";
  readonly limits: StoreSpec;
  /** No event had this id or a higher one when the snapshot was written. The log may be ahead. */
  readonly next_event_id: number;
  /** The newest ones, oldest first: the log may have dropped their events by now. */
  readonly diagnostics: readonly RecordedDiagnostic[];
}

/** A diagnostic that `runtime.json` keeps. */
export interface RecordedDiagnostic {
  /** ISO 8601. */
  readonly at: string;
  readonly service: string | null;
  readonly code: string;
  readonly message: string;
}

/** `service.json`: what was asked of a service and what it was seen to do last. */
export interface ServiceSnapshot {
  readonly schema_version: typeof SNAPSHOT_SCHEMA_VERSION;
  readonly runtime_id: string;
  readonly service_id: string;
  readonly spec: ServiceSpec;
  /** The executable that the next launch runs; absolute. Null until it is resolved. */
  readonly binary: string | null;
  /** Digest of the configuration that the next launch runs with. */
  readonly config_digest: string;
  readonly desired: DesiredState;
  readonly state: ServiceState;
  readonly health: Health;
  /** The launch that runs, or ran last. */
  readonly launch: LaunchRecord | null;
  readonly last_exit: Exit | null;
  /** Why it crashed, where it did. */
  readonly reason: ErrorRecord | null;
  /** Automatic restarts since the last start by a person. */
  readonly restarts: number;
  /** ISO 8601 times of the failures that the restart policy still counts, oldest first. */
  readonly failures_at: readonly string[];
}

/** `service.json` as it stands on disk: what supervision knows, and what the store adds. */
export interface StoredServiceSnapshot extends ServiceSnapshot {
  /** No entry of the transcript had this id or a higher one when the snapshot was written. */
  readonly next_transcript_id: number;
}

/** `configs/DIGEST.json`: what a service was launched with. Never changed once written. */
export interface ConfigBundle {
  readonly schema_version: typeof SNAPSHOT_SCHEMA_VERSION;
  readonly runtime_id: string;
  readonly service_id: string;
  /** Digest of the whole specification, the values of its environment included. */
  readonly config_digest: string;
  /** ISO 8601 time of the first launch with it. */
  readonly first_launched_at: string;
  /** The executable of that launch; absolute. */
  readonly binary: string;
  readonly spec: BundledSpec;
}

/** A specification without the values of its environment, which may be secret. */
export type BundledSpec = Omit<ServiceSpec, "env"> & {
  /** Names of the variables. */
  readonly env: readonly string[];
};

/** `environment.json`: what automatic restarts of a service start from. Values may be secret. */
export interface EnvironmentSnapshot {
  readonly schema_version: typeof SNAPSHOT_SCHEMA_VERSION;
  readonly runtime_id: string;
  readonly service_id: string;
  readonly env: Readonly<Record<string, string>>;
}
