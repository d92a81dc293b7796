/**
 * Bringing snapshots of older hales up to the schema of this one.
 *
 * @module
 */

import { DEFAULT_STORE } from "../../model/service_spec.ts";
import { SNAPSHOT_SCHEMA_VERSION } from "../../model/snapshots.ts";
import { isRecord } from "./snapshot_fields.ts";

/** What a snapshot is of. */
export type SnapshotKind = "runtime" | "service" | "environment" | "config";

type Fields = Readonly<Record<string, unknown>>;

/** What the fields of one version become in the next. */
type Step = (fields: Fields) => Fields;

const unchanged: Step = (fields) => fields;

/** By the version that a step starts from. */
const STEPS: Readonly<Record<number, Readonly<Record<SnapshotKind, Step>>>> = {
  1: {
    runtime: (fields) => ({ ...fields, status: "open", limits: DEFAULT_STORE, diagnostics: [] }),
    // The transcript itself tells the next id; the counter only has to be no higher.
    service: (fields) => ({ ...fields, next_transcript_id: 1, spec: specFrom1(fields.spec) }),
    environment: unchanged,
    config: unchanged,
  },
  2: {
    runtime: unchanged,
    service: (fields) => ({ ...fields, spec: specFrom2(fields.spec) }),
    environment: unchanged,
    config: (fields) => ({ ...fields, spec: specFrom2(fields.spec) }),
  },
};

/**
 * Whether snapshots of a schema version can be brought up to this one.
 *
 * @param version What stands in `schema_version`.
 * @returns True for the version of this hale and all before it.
 */
export function isKnownSchemaVersion(version: unknown): version is number {
  return version === SNAPSHOT_SCHEMA_VERSION ||
    (Number.isSafeInteger(version) && STEPS[version as number] !== undefined);
}

/**
 * Brings a snapshot up to the schema version of this hale. Nothing is written.
 *
 * @param kind What it is of.
 * @param fields Its fields; `schema_version` is one that {@linkcode isKnownSchemaVersion} knows.
 * @returns The fields as this hale writes them. They have yet to be checked.
 */
export function migrateSnapshot(kind: SnapshotKind, fields: Fields): Fields {
  let migrated = fields;
  for (let version = Number(fields.schema_version); version < SNAPSHOT_SCHEMA_VERSION; version++) {
    migrated = { ...STEPS[version]![kind](migrated), schema_version: version + 1 };
  }
  return migrated;
}

/** Settings that version 1 did not have, as a service without them behaved. */
function specFrom1(spec: unknown): unknown {
  if (!isRecord(spec)) return spec;
  const { program, health, stop, limits, logs } = spec;
  return {
    ...spec,
    program: programFrom1(program),
    health: withDefaults(health, { successes: 1, on_unhealthy: "report" }),
    stop: withDefaults(stop, { command: null }),
    limits: withDefaults(limits, { nice: null, umask: null }),
    logs: withDefaults(logs, { reopen_signal: null }),
  };
}

function programFrom1(program: unknown): unknown {
  if (!isRecord(program) || !isRecord(program.engine)) return program;
  const { release } = program.engine;
  if (!isRecord(release)) return program;
  const { checksums } = release;
  const places = typeof checksums === "string" ? [checksums] : checksums;
  return {
    ...program,
    engine: {
      ...withDefaults(program.engine, { on_mismatch: "reuse" }),
      release: {
        ...withDefaults(release, { tag: "v${version}", sha256: {}, minisign: null }),
        checksums: places,
      },
    },
  };
}

/** Settings that version 2 did not have, as a service without them behaved. */
function specFrom2(spec: unknown): unknown {
  if (!isRecord(spec)) return spec;
  return { ...spec, health: healthFrom2(spec.health) };
}

function healthFrom2(health: unknown): unknown {
  if (!isRecord(health)) return health;
  const { check } = health;
  return {
    ...withDefaults(health, { implied: false, start: null, liveness: null }),
    check: isRecord(check) && check.kind === "http"
      ? withDefaults(check, { method: "GET", headers: {}, status: [[200, 299]] })
      : check,
  };
}

function withDefaults<T>(table: T, defaults: Fields): T {
  return isRecord(table) ? { ...defaults, ...table } : table;
}
