/**
 * What a runtime remembers, read and checked before anything is written.
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

/** A runtime as it was read. */
export interface LoadedRuntime {
  /** Null where it is new. */
  readonly runtime: SnapshotFile<RuntimeSnapshot> | null;
  readonly services: readonly SnapshotFile<StoredServiceSnapshot>[];
  /** Of services whose snapshot an older hale wrote: they are migrated with it. */
  readonly environments: readonly SnapshotFile<EnvironmentSnapshot>[];
  /** Its end is whole: the only thing that was written, after all else was found good. */
  readonly events: JsonLinesWriter<EventData>;
}

/**
 * Reads a runtime for the process that will write it.
 *
 * @param paths Where it stands.
 * @param runtimeId The runtime.
 * @param events How its events are written.
 * @returns All of it, as far as it exists.
 * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If a file is not what belongs
 * there or the system refuses.
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
      // A log that somebody has taken away does not make old cursors point at new events.
      nextId: next_event_id,
    }),
  };
}
