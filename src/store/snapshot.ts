/**
 * Reading snapshots. What is not exactly what hale wrote there is refused, and nothing is written.
 *
 * @module
 */

import { basename, dirname } from "../platform/path.ts";
import { messageOf } from "../errors.ts";
import {
  type EnvironmentSnapshot,
  type RuntimeSnapshot,
  type ServiceSnapshot,
  SNAPSHOT_SCHEMA_VERSION,
} from "../model/snapshots.ts";
import { componentName } from "./component_name.ts";
import {
  type FieldRules,
  findBrokenField,
  isRecord,
  RUNTIME_FIELDS,
  SERVICE_FIELDS,
  textTable,
} from "./snapshot_fields.ts";
import { storeCorrupt, unreadable, wrongRuntime } from "./store_error.ts";

/**
 * Reads `runtime.json`.
 *
 * @param path The file; its folder must be that of the runtime it speaks of.
 * @returns The snapshot, or null where there is no file.
 * @throws {HaleError} `store_corrupt` If it is no such snapshot or one of another schema,
 * `wrong_runtime` if it belongs to another runtime, `store_io` if it cannot be read.
 */
export function readRuntimeSnapshot(path: string): RuntimeSnapshot | null {
  const operation = "read the snapshot of a runtime";
  const snapshot = readSnapshot(path, operation, RUNTIME_FIELDS);
  if (snapshot === null) return null;
  const folder = basename(dirname(path));
  if (componentName(snapshot.runtime_id) !== folder) {
    throw wrongRuntime(operation, path, { expected: folder, actual: snapshot.runtime_id });
  }
  return snapshot;
}

/**
 * Reads `service.json`.
 *
 * @param path The file; its folder must be that of the service it speaks of.
 * @param runtimeId The runtime it must belong to.
 * @returns The snapshot, or null where there is no file.
 * @throws {HaleError} `store_corrupt` If it is no such snapshot, one of another schema or of another
 * service, `wrong_runtime` if it belongs to another runtime, `store_io` if it cannot be read.
 */
export function readServiceSnapshot(path: string, runtimeId: string): ServiceSnapshot | null {
  const operation = "read the snapshot of a service";
  const snapshot = readSnapshot(path, operation, SERVICE_FIELDS);
  if (snapshot === null) return null;
  checkOwner(snapshot, { operation, path, runtimeId });
  if (snapshot.spec.name !== snapshot.service_id) {
    throw storeCorrupt(
      operation,
      path,
      `its specification is that of service "${snapshot.spec.name}", not of ` +
        `"${snapshot.service_id}"`,
    );
  }
  return snapshot;
}

/**
 * Reads `environment.json`.
 *
 * @param path The file; its folder must be that of the service it speaks of.
 * @param runtimeId The runtime it must belong to.
 * @returns The snapshot, or null where there is no file.
 * @throws {HaleError} As {@linkcode readServiceSnapshot}.
 */
export function readEnvironmentSnapshot(
  path: string,
  runtimeId: string,
): EnvironmentSnapshot | null {
  const operation = "read the environment of a service";
  const snapshot = readSnapshot<EnvironmentSnapshot>(path, operation, {
    schema_version: SERVICE_FIELDS.schema_version,
    runtime_id: SERVICE_FIELDS.runtime_id,
    service_id: SERVICE_FIELDS.service_id,
    env: textTable,
  });
  if (snapshot !== null) checkOwner(snapshot, { operation, path, runtimeId });
  return snapshot;
}

/** The text of a snapshot as it stands on disk. */
export function snapshotText(
  snapshot: RuntimeSnapshot | ServiceSnapshot | EnvironmentSnapshot,
): string {
  return JSON.stringify(snapshot, null, 2) + "\n";
}

function checkOwner(
  snapshot: { readonly runtime_id: string; readonly service_id: string },
  expected: { operation: string; path: string; runtimeId: string },
): void {
  const { operation, path, runtimeId } = expected;
  if (snapshot.runtime_id !== runtimeId) {
    throw wrongRuntime(operation, path, { expected: runtimeId, actual: snapshot.runtime_id });
  }
  if (componentName(snapshot.service_id) !== basename(dirname(path))) {
    throw storeCorrupt(
      operation,
      path,
      `it belongs to service "${snapshot.service_id}", not to the one of this folder`,
    );
  }
}

function readSnapshot<T extends object>(
  path: string,
  operation: string,
  rules: FieldRules<T>,
): T | null {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw unreadable(operation, path, error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw storeCorrupt(operation, path, `it is not JSON: ${messageOf(cause)}`, { cause });
  }
  if (!isRecord(value)) throw storeCorrupt(operation, path, "it is not a JSON object");
  // Before the fields: those of another schema are not known here.
  checkSchemaVersion(value.schema_version, { operation, path });
  const broken = findBrokenField(value, rules);
  if (broken !== null) throw storeCorrupt(operation, path, broken);
  return value as T;
}

function checkSchemaVersion(found: unknown, at: { operation: string; path: string }): void {
  if (found === SNAPSHOT_SCHEMA_VERSION) return;
  const detail = typeof found === "number" && found > SNAPSHOT_SCHEMA_VERSION
    ? `a newer hale wrote it, with schema version ${found}; this one reads version ` +
      `${SNAPSHOT_SCHEMA_VERSION}: use the newer one`
    : `its schema version is ${JSON.stringify(found)}, expected ${SNAPSHOT_SCHEMA_VERSION}`;
  throw storeCorrupt(at.operation, at.path, detail);
}
