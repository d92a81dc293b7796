/**
 * The snapshots of a runtime and of its services, as they stand on disk.
 *
 * @module
 */

import type { ErrorRecord } from "../errors.ts";
import type { ServiceSpec } from "./service_spec.ts";
import type { DesiredState, Exit, Health, LaunchRecord, ServiceState } from "./service_state.ts";

/** The schema of the snapshots that this hale writes. Another one is never overwritten. */
export const SNAPSHOT_SCHEMA_VERSION = 1;

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
  /** No event had this id or a higher one when the snapshot was written. The log may be ahead. */
  readonly next_event_id: number;
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

/** `environment.json`: what automatic restarts of a service start from. Values may be secret. */
export interface EnvironmentSnapshot {
  readonly schema_version: typeof SNAPSHOT_SCHEMA_VERSION;
  readonly runtime_id: string;
  readonly service_id: string;
  readonly env: Readonly<Record<string, string>>;
}
