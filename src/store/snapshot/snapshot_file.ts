/**
 * One snapshot as a file: what a power cut has left of it, and which schema it has.
 *
 * @module
 */

import { type HaleError, messageOf } from "../../errors.ts";
import { SNAPSHOT_SCHEMA_VERSION } from "../../model/snapshots.ts";
import { isKnownSchemaVersion, migrateSnapshot, type SnapshotKind } from "./migrate_snapshot.ts";
import { type FieldRules, findBrokenField, isRecord } from "./snapshot_fields.ts";
import { newerSchema, storeCorrupt, unreadable } from "../../files/io_error.ts";
import { previousPath } from "./write_behind.ts";
import { ifThere } from "../../files/if_there.ts";
import { NEWLINE } from "../../files/newline.ts";

/** A snapshot as it was found. */
export interface SnapshotFile<T> {
  readonly path: string;
  /** As this hale writes it. Null where a power cut has left nothing of it. */
  readonly snapshot: T | null;
  /** What stands in the file that it was read from. */
  readonly text: string;
  /** The schema version there. */
  readonly version: number;
  /**
   * Whether a power cut has left nothing of the newest version. The snapshot is then the one before
   * it; without one, none was ever on disk, and nothing of it was acknowledged.
   */
  readonly damaged: boolean;
}

/**
 * Reads a snapshot. What is not exactly what hale wrote there is refused, and nothing is written.
 *
 * @param path The file.
 * @param options What it is of, the operation in case of an error, and the fields it must have.
 * @returns Null where there is no file.
 * @throws {HaleError} `store_corrupt` If it is no such snapshot or a newer hale's, `store_io` if it
 * cannot be read.
 */
export function readSnapshotFile<T extends object>(
  path: string,
  options: { kind: SnapshotKind; operation: string; rules: FieldRules<T> },
): SnapshotFile<T> | null {
  const found = readJson(path, options.operation);
  if (found === null) return null;
  if (found.kind !== "cut") return { ...check(found, path, options), path, damaged: false };
  const previous = previousPath(path);
  const before = readJson(previous, options.operation);
  if (before === null || before.kind === "cut") {
    return { path, snapshot: null, text: "", version: SNAPSHOT_SCHEMA_VERSION, damaged: true };
  }
  return { ...check(before, previous, options), path, damaged: true };
}

/** The unit in which disks take contents. */
const SECTOR_BYTES = 512;

type Json =
  | { readonly kind: "json"; readonly value: unknown; readonly text: string }
  | { readonly kind: "broken"; readonly cause: unknown }
  | { readonly kind: "cut" };

function readJson(path: string, operation: string): Json | null {
  let bytes: Uint8Array | null;
  try {
    bytes = ifThere(() => Deno.readFileSync(path));
  } catch (error) {
    throw unreadable(operation, path, error);
  }
  if (bytes === null) return null;
  const text = new TextDecoder().decode(bytes);
  try {
    return { kind: "json", value: JSON.parse(text), text };
  } catch (cause) {
    return isCutByPowerLoss(bytes) ? { kind: "cut" } : { kind: "broken", cause };
  }
}

/**
 * Whether a file that is no JSON is what a power cut leaves whose name was on disk before its
 * contents: empty, zeros in it, or an end where a sector ends.
 */
function isCutByPowerLoss(bytes: Uint8Array): boolean {
  return bytes.length === 0 || bytes.includes(0) ||
    (bytes.length % SECTOR_BYTES === 0 && bytes.at(-1) !== NEWLINE);
}

function check<T extends object>(
  found: Exclude<Json, { kind: "cut" }>,
  path: string,
  options: { kind: SnapshotKind; operation: string; rules: FieldRules<T> },
): { snapshot: T; text: string; version: number } {
  const { kind, operation, rules } = options;
  if (found.kind === "broken") {
    const { cause } = found;
    throw storeCorrupt(operation, path, `it is not JSON: ${messageOf(cause)}`, { cause });
  }
  const { value, text } = found;
  if (!isRecord(value)) throw storeCorrupt(operation, path, "it is not a JSON object");
  // Before the fields: those of another schema are not known here.
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
  const detail = `its schema version is ${JSON.stringify(found)}, expected a whole number up to ` +
    `${SNAPSHOT_SCHEMA_VERSION}`;
  return storeCorrupt(at.operation, at.path, detail);
}
