/** Records and snapshots for tests. */

import type { EventData } from "../../src/model/records.ts";
import type { LogLimits } from "../../src/model/service_spec.ts";
import {
  type ServiceSnapshot,
  SNAPSHOT_SCHEMA_VERSION,
  type StoredServiceSnapshot,
} from "../../src/model/snapshots.ts";
import { serviceSpec } from "../fixtures/service_spec.ts";

/** Returns an event with a message. */
export function sampleEvent(message: string): EventData {
  return { type: "diagnostic", service: null, code: "sample", message };
}

/** Returns the stored form of {@linkcode sampleService}, with an empty transcript. */
export function storedService(runtimeId: string, name: string): StoredServiceSnapshot {
  return { ...sampleService(runtimeId, name), next_transcript_id: 1 };
}

/** Returns the snapshot of a service that was never started. */
export function sampleService(runtimeId: string, name: string): ServiceSnapshot {
  return {
    schema_version: SNAPSHOT_SCHEMA_VERSION,
    runtime_id: runtimeId,
    service_id: name,
    spec: serviceSpec(name, {
      program: { kind: "command", command: "/bin/true" },
      args: [],
      data_dir: "/data",
    }),
    binary: "/bin/true",
    binary_version: null,
    reported_version: null,

    config_digest: "0123",
    desired: "stopped",
    state: "stopped",
    health: "unknown",
    launch: {
      id: "l1",
      at: "2026-01-01T00:00:00.000Z",
      identity: { pid: 7, start_time: "9", boot_id: "b" },
      binary: "/bin/true",
      version: null,
      wanted_version: null,
      config_digest: "0123",
      stdout_offset: 0,
      stderr_offset: 0,
    },
    launched_spec: null,
    last_exit: { exit_code: 0, signal: null },
    completed_digest: null,
    reason: null,
    restarts: 0,
    next_restart_at: null,
    failures_at: [],
  };
}

/** Limits that a few records exceed. */
export const SMALL_LIMITS: LogLimits = { segment_bytes: 1_000, max_bytes: 4_000 };
