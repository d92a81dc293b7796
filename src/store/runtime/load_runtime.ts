/**
 * Reads and checks the state of a runtime before anything is written.
 *
 * @module
 */

import type { EventData } from "../../model/records.ts";
import { DEFAULT_STORE } from "../../model/service_spec.ts";
import {
  type EnvironmentSnapshot,
  type RuntimeSnapshot,
  SNAPSHOT_SCHEMA_VERSION,
  type StoredServiceSnapshot,
} from "../../model/snapshots.ts";
import { type RuntimePaths, servicePaths } from "../../home/home_paths.ts";
import { JsonLinesWriter, type LogOptions } from "../jsonl/writer.ts";
import { readServiceFiles } from "./read_services.ts";
import { readEnvironmentFile, readRuntimeFile } from "../snapshot/snapshot.ts";
import type { SnapshotFile } from "../snapshot/snapshot_file.ts";

/** State of a runtime on disk. */
export interface LoadedRuntime {
  /** Null if it is new. */
  readonly runtime: SnapshotFile<RuntimeSnapshot> | null;
  readonly services: readonly SnapshotFile<StoredServiceSnapshot>[];
  /** Environments of services with a snapshot of an older hale: both are migrated together. */
  readonly environments: readonly SnapshotFile<EnvironmentSnapshot>[];
  /** The event log. Recovering its end is the only write, and the last step. */
  readonly events: JsonLinesWriter<EventData>;
}

/**
 * Reads a runtime for the process that will write it.
 *
 * @param paths Paths of the runtime.
 * @param runtimeId The runtime.
 * @param events Settings of the event log.
 * @returns Its files, as far as they exist.
 * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If a file is broken, belongs to
 * another runtime or cannot be read.
 */
export function loadRuntime(
  paths: RuntimePaths,
  runtimeId: string,
  events: Pick<LogOptions, "readUpTo" | "onTrouble">,
): LoadedRuntime {
  const runtime = readRuntimeFile(paths.snapshot);
  const services = readServiceFiles(paths, runtimeId);
  const environments = services.flatMap(({ snapshot, version }) => {
    if (snapshot === null || version === SNAPSHOT_SCHEMA_VERSION) return [];
    const { environment } = servicePaths(paths, snapshot.service_id);
    return readEnvironmentFile(environment, runtimeId) ?? [];
  });
  const { next_event_id, limits = DEFAULT_STORE } = runtime?.snapshot ?? {};
  return {
    runtime,
    services,
    environments,
    events: JsonLinesWriter.open<EventData>(paths.events, {
      ...events,
      operation: "append an event",
      limits: limits.events,
      // Ids continue even if the log was removed: an old cursor never points at a new event.
      nextId: next_event_id,
    }),
  };
}
