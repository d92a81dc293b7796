/**
 * Migrates snapshots of older versions of hale to the current schema.
 *
 * @module
 */

import { DEFAULT_STORE } from "../../model/service_spec.ts";
import { SNAPSHOT_SCHEMA_VERSION } from "../../model/snapshots.ts";
import { isRecord } from "../../model/field_rules.ts";

/** Kind of a snapshot. */
export type SnapshotKind = "runtime" | "service" | "environment" | "config";

type Fields = Readonly<Record<string, unknown>>;

/** Converts the fields of one version to the next. */
type Step = (fields: Fields) => Fields;

const unchanged: Step = (fields) => fields;

/** The steps, by the version that they convert from. */
const STEPS: Readonly<Record<number, Readonly<Record<SnapshotKind, Step>>>> = {
  1: {
    runtime: (fields) => ({ ...fields, status: "open", limits: DEFAULT_STORE, diagnostics: [] }),
    // The transcript itself has the last id; the counter is only a lower limit.
    service: (fields) => ({ ...fields, next_transcript_id: 1, spec: specFrom1(fields.spec) }),
    environment: unchanged,
    config: unchanged,
  },
  2: {
    runtime: unchanged,
    service: serviceFrom2,
    environment: unchanged,
    config: (fields) => ({ ...fields, spec: specFrom2(fields.spec) }),
  },
};

/**
 * Returns whether this version of hale can read a schema version.
 *
 * @param version Value of `schema_version`.
 * @returns True for the current version and all earlier ones.
 */
export function isKnownSchemaVersion(version: unknown): version is number {
  return version === SNAPSHOT_SCHEMA_VERSION ||
    (Number.isSafeInteger(version) && STEPS[version as number] !== undefined);
}

/**
 * Migrates the fields of a snapshot to the current schema version. Nothing is written.
 *
 * @param kind Kind of the snapshot.
 * @param fields Its fields, with a `schema_version` that {@linkcode isKnownSchemaVersion} accepts.
 * @returns The migrated fields, not validated.
 */
export function migrateSnapshot(kind: SnapshotKind, fields: Fields): Fields {
  let migrated = fields;
  for (let version = Number(fields.schema_version); version < SNAPSHOT_SCHEMA_VERSION; version++) {
    migrated = { ...STEPS[version]![kind](migrated), schema_version: version + 1 };
  }
  return migrated;
}

/** Adds the settings that version 1 did not have, with values that keep the behavior. */
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
  const list = typeof checksums === "string" ? [checksums] : checksums;
  return {
    ...program,
    engine: {
      ...withDefaults(program.engine, { on_mismatch: "reuse" }),
      release: {
        ...withDefaults(release, { tag: "v${version}", sha256: {}, minisign: null }),
        checksums: list,
      },
    },
  };
}

/** Version 2 did not record which version a launch was: it may have been a local build. */
function serviceFrom2(fields: Fields): Fields {
  return {
    ...fields,
    completed_digest: null,
    binary_version: null,
    reported_version: null,
    launched_spec: null,
    next_restart_at: null,
    launch: withDefaults(fields.launch, {
      version: null,
      wanted_version: isRecord(fields.spec) ? fields.spec.version ?? null : null,
    }),
    spec: specFrom2(fields.spec),
  };
}

/**
 * Settings that version 2 did not have, as a service without them behaved. A completed job also meets the
 * condition `healthy`.
 */
function specFrom2(spec: unknown): unknown {
  if (!isRecord(spec)) return spec;
  const { depends_on, restart, health } = spec;
  return {
    ...spec,
    depends_on: Array.isArray(depends_on)
      ? depends_on.map((service) => ({ service, condition: "healthy" }))
      : depends_on,
    ready_after_ms: 1000,
    rerun: "always",
    health: healthFrom2(health),
    restart: withDefaults(restart, { success: [0] }),
  };
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
