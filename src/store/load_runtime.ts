/**
 * What a runtime remembers, read and checked before anything is written.
 *
 * @module
 */

import type { EventData } from "../model/records.ts";
import type { RuntimeSnapshot, ServiceSnapshot } from "../model/snapshots.ts";
import type { RuntimePaths } from "./home_paths.ts";
import { JsonLinesWriter } from "./json_lines.ts";
import { readServices } from "./read_services.ts";
import { readRuntimeSnapshot } from "./snapshot.ts";

/** A runtime as it was read. */
export interface LoadedRuntime {
  /** Null where it is new. */
  readonly snapshot: RuntimeSnapshot | null;
  readonly services: readonly ServiceSnapshot[];
  /** Its end is whole: the only thing that was written, after all else was found good. */
  readonly events: JsonLinesWriter<EventData>;
}

/**
 * Reads a runtime for the process that will write it.
 *
 * @param paths Where it stands.
 * @param runtimeId The runtime.
 * @returns All of it, as far as it exists.
 * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If a file is not what belongs
 * there or the system refuses.
 */
export function loadRuntime(paths: RuntimePaths, runtimeId: string): LoadedRuntime {
  const snapshot = readRuntimeSnapshot(paths.snapshot);
  const services = readServices(paths, runtimeId);
  const events = JsonLinesWriter.open<EventData>(paths.events, {
    operation: "append an event",
    // A log that somebody has taken away does not make old cursors point at new events.
    nextId: snapshot?.next_event_id,
  });
  return { snapshot, services, events };
}
