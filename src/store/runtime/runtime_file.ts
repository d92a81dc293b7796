/**
 * `runtime.json` of a runtime that is open.
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

/** As many diagnostics as it keeps. */
const MAX_DIAGNOSTICS = 20;

/** What a runtime is called and how much it remembers, beside its id. */
export interface RuntimeDescription {
  /** For people. */
  readonly displayName?: string | null;
  /** Absolute path of the `hale.toml` that was applied last. */
  readonly configPath?: string | null;
  readonly limits?: StoreSpec;
}

/** What may change of it. */
export type RuntimeChanges = Partial<
  Pick<RuntimeSnapshot, "display_name" | "config_path" | "limits" | "status" | "diagnostics">
>;

/** Writes `runtime.json`, the counter of events with it each time. */
export class RuntimeFile {
  readonly #path: string;
  readonly #writes: WriteBehind;
  readonly #nextEventId: () => number;
  #snapshot: RuntimeSnapshot;

  /**
   * @param path Where it stands.
   * @param snapshot What it says.
   * @param options Who writes it, and who tells the id of the next event.
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

  /** What it says. */
  get snapshot(): RuntimeSnapshot {
    return this.#snapshot;
  }

  /**
   * Writes it.
   *
   * @param changes What is left out stays as it is.
   * @throws {HaleError} `store_io` If the system refuses: it is as it was then.
   */
  save(changes: RuntimeChanges): void {
    const snapshot = { ...this.#snapshot, ...changes, next_event_id: this.#nextEventId() };
    const operation = `save the snapshot of runtime "${snapshot.runtime_id}"`;
    this.#writes.replace(this.#path, snapshotText(snapshot), operation);
    this.#snapshot = snapshot;
  }

  /**
   * Keeps a diagnostic. The oldest one goes where there are too many.
   *
   * @param diagnostic What a person should know.
   * @throws {HaleError} `store_io` If the system refuses: it is as it was then.
   */
  keepDiagnostic(diagnostic: RecordedDiagnostic): void {
    this.save({
      diagnostics: [...this.#snapshot.diagnostics, diagnostic].slice(-MAX_DIAGNOSTICS),
    });
  }
}

/**
 * The snapshot of a runtime that was never there before.
 *
 * @param runtimeId The runtime.
 * @returns What `runtime.json` says at first.
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
 * What a description changes.
 *
 * @param description What is left out changes nothing.
 * @returns The fields of `runtime.json`.
 */
export function changesOf(description: RuntimeDescription): RuntimeChanges {
  const { displayName, configPath, limits } = description;
  return {
    ...(displayName === undefined ? {} : { display_name: displayName }),
    ...(configPath === undefined ? {} : { config_path: configPath }),
    ...(limits === undefined ? {} : { limits }),
  };
}
