/**
 * Reads a snapshot file: falls back to its previous version after a power cut, and migrates old schemas.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import type { HaleError } from "../../errors.ts";
import { SNAPSHOT_SCHEMA_VERSION } from "../../model/snapshots.ts";
import { isKnownSchemaVersion, migrateSnapshot, type SnapshotKind } from "./migrate_snapshot.ts";
import { type FieldRules, findBrokenField, isRecord } from "../../model/field_rules.ts";
import { newerSchema, storeCorrupt, unreadable } from "../../files/io_error.ts";
import { previousPath } from "./write_behind.ts";
import { ifThere } from "../../files/if_there.ts";
import { NEWLINE } from "../../files/line_splitter.ts";

/** A snapshot and the state of its file. */
export interface SnapshotFile<T> {
  /** The file. */
  readonly path: string;
  /** In the current schema. Null if a power cut damaged all versions. */
  readonly snapshot: T | null;
  /** Contents of the file from which it was read. */
  readonly text: string;
  /** Schema version of that file. */
  readonly version: number;
  /**
   * Whether a power cut damaged the newest version. The snapshot is then the previous version. If there
   * is none, no version was ever synced or acknowledged.
   */
  readonly damaged: boolean;
}

/**
 * Reads and validates a snapshot. Nothing is written.
 *
 * @param path The file.
 * @param options `kind`: kind of the snapshot. `operation`: what the caller does, for the error message.
 * `rules`: the schema.
 * @returns The snapshot and the state of its file; null if there is no file.
 * @throws {HaleError} `store_corrupt` If it is not a valid snapshot or a newer hale wrote it,
 * `store_io` if it cannot be read.
 */
export function readSnapshotFile<T extends object>(
  path: string,
  options: { kind: SnapshotKind; operation: string; rules: FieldRules<T> },
): SnapshotFile<T> | null {
  const found = readJson(path, options.operation);
  if (found === null) return null;
  if (found.kind !== "damaged") return { ...check(found, path, options), path, damaged: false };
  const previous = previousPath(path);
  const before = readJson(previous, options.operation);
  if (before === null || before.kind === "damaged") {
    return { path, snapshot: null, text: "", version: SNAPSHOT_SCHEMA_VERSION, damaged: true };
  }
  return { ...check(before, previous, options), path, damaged: true };
}

/** Smallest unit that disks write. */
const SECTOR_BYTES = 512;

type Json =
  | { readonly kind: "json"; readonly value: unknown; readonly text: string }
  | { readonly kind: "broken" }
  | { readonly kind: "damaged" };

function readJson(path: string, operation: string): Json | null {
  let bytes: Uint8Array | null;
  try {
    bytes = ifThere(() => Deno.readFileSync(regularFile(path)));
  } catch (error) {
    throw unreadable(operation, path, error);
  }
  if (bytes === null) return null;
  const text = new TextDecoder().decode(bytes);
  try {
    return { kind: "json", value: JSON.parse(text), text };
  } catch {
    // The cause quotes the file, which may hold secrets, so it is left out.
    return { kind: isDamagedByPowerCut(bytes) ? "damaged" : "broken" };
  }
}

/**
 * Whether a file that is not JSON looks like one that was renamed on disk before a power cut, but not
 * fully written: it is empty, contains zeros, or ends at a sector boundary.
 */
function isDamagedByPowerCut(bytes: Uint8Array): boolean {
  return bytes.length === 0 || bytes.includes(0) ||
    (bytes.length % SECTOR_BYTES === 0 && bytes.at(-1) !== NEWLINE);
}

function check<T extends object>(
  found: Exclude<Json, { kind: "damaged" }>,
  path: string,
  options: { kind: SnapshotKind; operation: string; rules: FieldRules<T> },
): { snapshot: T; text: string; version: number } {
  const { kind, operation, rules } = options;
  if (found.kind === "broken") {
    throw storeCorrupt(operation, path, "it is not JSON");
  }
  const { value, text } = found;
  if (!isRecord(value)) throw storeCorrupt(operation, path, "it is not a JSON object");
  // Before the fields, because a newer schema has unknown fields.
  const version = value.schema_version;
  if (!isKnownSchemaVersion(version)) throw unknownVersion(version, { operation, path });
  const fields = migrateSnapshot(kind, value);
  const broken = findBrokenField(fields, rules);
  if (broken !== null) throw storeCorrupt(operation, path, broken);
  return { snapshot: fields as T, text, version };
}

function unknownVersion(found: unknown, at: { operation: string; path: string }): HaleError {
  if (typeof found === "number" && found > SNAPSHOT_SCHEMA_VERSION) {
    return newerSchema(at.operation, at.path, {
      found,
      known: SNAPSHOT_SCHEMA_VERSION,
    });
  }
  // Other values are not shown: the file may hold secrets.
  const isShown = typeof found === "number" || /^"[0-9.]{1,10}"$/.test(JSON.stringify(found) ?? "");
  const shown = found === undefined ? "missing" : isShown ? JSON.stringify(found) : "not a number";
  const detail = `its schema version is ${shown}, expected a whole number from 1 to ` +
    `${SNAPSHOT_SCHEMA_VERSION}`;
  return storeCorrupt(at.operation, at.path, detail);
}
