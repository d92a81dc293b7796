/**
 * Reads and validates snapshots. Nothing is written.
 *
 * @module
 */

import { basename, dirname } from "../../platform/path.ts";
import type {
  ConfigBundle,
  EnvironmentSnapshot,
  RuntimeSnapshot,
  StoredServiceSnapshot,
} from "../../model/snapshots.ts";
import { safeName } from "../../home/safe_name.ts";
import {
  CONFIG_FIELDS,
  ENVIRONMENT_FIELDS,
  RUNTIME_FIELDS,
  SERVICE_FIELDS,
} from "./snapshot_fields.ts";
import { readSnapshotFile, type SnapshotFile } from "./snapshot_file.ts";
import { storeCorrupt, wrongRuntime } from "../../files/io_error.ts";

/**
 * Reads `runtime.json`.
 *
 * @param path The file, in the folder of its runtime.
 * @returns The snapshot and the state of its file, or null if there is no file.
 * @throws {HaleError} `store_corrupt` If it is not a valid snapshot or a newer hale wrote it,
 * `wrong_runtime` if it belongs to another runtime, `store_io` if it cannot be read.
 */
export function readRuntimeFile(path: string): SnapshotFile<RuntimeSnapshot> | null {
  const operation = "read the snapshot of a runtime";
  const file = readSnapshotFile(path, { kind: "runtime", operation, rules: RUNTIME_FIELDS });
  const folder = basename(dirname(path));
  const actual = file?.snapshot?.runtime_id;
  if (actual !== undefined && safeName(actual) !== folder) {
    throw wrongRuntime(operation, path, { expected: folder, actual });
  }
  return file;
}

/** Reads as {@linkcode readRuntimeFile}; also null if a power cut damaged all versions of it. */
export function readRuntimeSnapshot(path: string): RuntimeSnapshot | null {
  return readRuntimeFile(path)?.snapshot ?? null;
}

/**
 * Reads `service.json`.
 *
 * @param path The file, in the folder of its service.
 * @param runtimeId The runtime to which it must belong.
 * @returns The snapshot and the state of its file, or null if there is no file.
 * @throws {HaleError} `store_corrupt` If it is not a valid snapshot, a newer hale wrote it, or it
 * belongs to another service, `wrong_runtime` if it belongs to another runtime, `store_io` if it
 * cannot be read.
 */
export function readServiceFile(
  path: string,
  runtimeId: string,
): SnapshotFile<StoredServiceSnapshot> | null {
  const operation = "read the snapshot of a service";
  const file = readSnapshotFile(path, { kind: "service", operation, rules: SERVICE_FIELDS });
  const snapshot = file?.snapshot ?? null;
  if (snapshot === null) return file;
  checkOwner(snapshot, { operation, path, runtimeId, serviceFolder: dirname(path) });
  if (snapshot.spec.name !== snapshot.service_id) {
    throw storeCorrupt(
      operation,
      path,
      `\`spec.name\` is "${snapshot.spec.name}", but \`service_id\` is "${snapshot.service_id}"`,
    );
  }
  return file;
}

/**
 * Reads `environment.json`.
 *
 * @param path The file, in the folder of its service.
 * @param runtimeId The runtime to which it must belong.
 * @returns The snapshot and the state of its file, or null if there is no file.
 * @throws {HaleError} As {@linkcode readServiceFile}.
 */
export function readEnvironmentFile(
  path: string,
  runtimeId: string,
): SnapshotFile<EnvironmentSnapshot> | null {
  const operation = "read the environment of a service";
  const options = { kind: "environment", operation, rules: ENVIRONMENT_FIELDS } as const;
  const file = readSnapshotFile(path, options);
  const snapshot = file?.snapshot ?? null;
  if (snapshot !== null) {
    checkOwner(snapshot, { operation, path, runtimeId, serviceFolder: dirname(path) });
  }
  return file;
}

/**
 * Reads `configs/DIGEST.json`.
 *
 * @param path The file, in the folder `configs` of its service.
 * @param runtimeId The runtime to which it must belong.
 * @returns The configuration, or null if there is no file or a power cut damaged it.
 * @throws {HaleError} As {@linkcode readServiceFile}.
 */
export function readConfigBundle(path: string, runtimeId: string): ConfigBundle | null {
  const operation = "read the configuration of a launch";
  const options = { kind: "config", operation, rules: CONFIG_FIELDS } as const;
  const snapshot = readSnapshotFile(path, options)?.snapshot ?? null;
  if (snapshot === null) return null;
  checkOwner(snapshot, { operation, path, runtimeId, serviceFolder: dirname(dirname(path)) });
  if (basename(path) !== configName(snapshot.config_digest)) {
    throw storeCorrupt(
      operation,
      path,
      `it contains another configuration, ${snapshot.config_digest}`,
    );
  }
  return snapshot;
}

/** Returns the file name of a configuration. */
export function configName(digest: string): string {
  return `${safeName(digest)}.json`;
}

/** Returns the text of a snapshot file. */
export function snapshotText(
  snapshot: RuntimeSnapshot | StoredServiceSnapshot | EnvironmentSnapshot | ConfigBundle,
): string {
  return JSON.stringify(snapshot, null, 2) + "\n";
}

function checkOwner(
  snapshot: { readonly runtime_id: string; readonly service_id: string },
  expected: { operation: string; path: string; runtimeId: string; serviceFolder: string },
): void {
  const { operation, path, runtimeId, serviceFolder } = expected;
  if (snapshot.runtime_id !== runtimeId) {
    throw wrongRuntime(operation, path, { expected: runtimeId, actual: snapshot.runtime_id });
  }
  if (safeName(snapshot.service_id) !== basename(serviceFolder)) {
    throw storeCorrupt(
      operation,
      path,
      `it belongs to service "${snapshot.service_id}", not to the service of this folder`,
    );
  }
}
