/**
 * Writes the `runtime.json` of an open runtime.
 *
 * @module
 */

import { DEFAULT_STORE, type StoreSpec } from "../../model/service_spec.ts";
import {
  type RecordedDiagnostic,
  type RuntimeSnapshot,
  SNAPSHOT_SCHEMA_VERSION,
} from "../../model/snapshots.ts";
import { snapshotText } from "../snapshot/snapshot.ts";
import type { WriteBehind } from "../snapshot/write_behind.ts";

/** Highest number of diagnostics that are kept. */
const MAX_DIAGNOSTICS = 20;

/** Name, configuration and log limits of a runtime. */
export interface RuntimeDescription {
  /** Name for display. */
  readonly displayName?: string | null;
  /** Absolute path of the `hale.toml` that was applied last. */
  readonly configPath?: string | null;
  /** How much of its logs is kept. */
  readonly limits?: StoreSpec;
}

/** The fields of `runtime.json` that may change. */
export type RuntimeChanges = Partial<
  Pick<RuntimeSnapshot, "display_name" | "config_path" | "limits" | "status" | "diagnostics">
>;

/** Writes `runtime.json`. Every write includes the id of the next event. */
export class RuntimeFile {
  readonly #path: string;
  readonly #writes: WriteBehind;
  readonly #nextEventId: () => number;
  #snapshot: RuntimeSnapshot;

  /**
   * @param path The file.
   * @param snapshot Its contents.
   * @param options `writes`: writes the file. `nextEventId`: returns the id of the next event.
   */
  constructor(
    path: string,
    snapshot: RuntimeSnapshot,
    options: { writes: WriteBehind; nextEventId: () => number },
  ) {
    this.#path = path;
    this.#snapshot = snapshot;
    this.#writes = options.writes;
    this.#nextEventId = options.nextEventId;
  }

  /** The contents. */
  get snapshot(): RuntimeSnapshot {
    return this.#snapshot;
  }

  /**
   * Writes the file.
   *
   * @param changes The fields to change.
   * @throws {HaleError} `store_io` If it cannot be written. It is then unchanged.
   */
  save(changes: RuntimeChanges): void {
    const snapshot = { ...this.#snapshot, ...changes, next_event_id: this.#nextEventId() };
    const operation = `save the snapshot of runtime "${snapshot.runtime_id}"`;
    this.#writes.replace(this.#path, snapshotText(snapshot), operation);
    this.#snapshot = snapshot;
  }

  /**
   * Adds a diagnostic, and drops the oldest one above the limit.
   *
   * @param diagnostic The diagnostic.
   * @throws {HaleError} `store_io` If the file cannot be written. It is then unchanged.
   */
  keepDiagnostic(diagnostic: RecordedDiagnostic): void {
    this.save({
      diagnostics: [...this.#snapshot.diagnostics, diagnostic].slice(-MAX_DIAGNOSTICS),
    });
  }
}

/**
 * Creates the snapshot of a new runtime.
 *
 * @param runtimeId The runtime.
 * @returns The first contents of `runtime.json`.
 */
export function newRuntimeSnapshot(runtimeId: string): RuntimeSnapshot {
  return {
    schema_version: SNAPSHOT_SCHEMA_VERSION,
    runtime_id: runtimeId,
    display_name: null,
    config_path: null,
    created_at: new Date().toISOString(),
    status: "open",
    limits: DEFAULT_STORE,
    next_event_id: 1,
    diagnostics: [],
  };
}

/**
 * Converts a description to changes of `runtime.json`.
 *
 * @param description The description. Omitted fields change nothing.
 * @returns The changes.
 */
export function changesOf(description: RuntimeDescription): RuntimeChanges {
  const { displayName, configPath, limits } = description;
  return {
    ...(displayName === undefined ? {} : { display_name: displayName }),
    ...(configPath === undefined ? {} : { config_path: configPath }),
    ...(limits === undefined ? {} : { limits }),
  };
}
