/**
 * Which fields snapshots have: a file that lacks one, or has another kind of value, is none.
 *
 * @module
 */

import type { LogLimits, StoreSpec } from "../../model/service_spec.ts";
import { SERVICE_STATES } from "../../model/service_state.ts";
import type {
  ConfigBundle,
  EnvironmentSnapshot,
  RecordedDiagnostic,
  RuntimeSnapshot,
  ServiceSnapshot,
  StoredServiceSnapshot,
} from "../../model/snapshots.ts";

/** What one field must be. */
export interface FieldRule {
  /** The end of "expected ...". */
  readonly expected: string;
  readonly test: (value: unknown) => boolean;
}

/** A rule for each field of a type. */
export type FieldRules<T> = { readonly [K in keyof T]-?: FieldRule };

const isString = (value: unknown) => typeof value === "string";
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const text: FieldRule = { expected: "a text", test: isString };
const flag: FieldRule = { expected: "true or false", test: (v) => typeof v === "boolean" };
const count: FieldRule = { expected: "a whole number", test: isCount };
const object: FieldRule = { expected: "an object", test: isRecord };
const texts: FieldRule = {
  expected: "a list of texts",
  test: (value) => Array.isArray(value) && value.every(isString),
};

const textTable: FieldRule = {
  expected: "an object of texts",
  test: (value) => isRecord(value) && Object.values(value).every(isString),
};

function orNull(rule: FieldRule): FieldRule {
  return {
    expected: `${rule.expected} or null`,
    test: (value) => value === null || rule.test(value),
  };
}

function oneOf(...words: readonly string[]): FieldRule {
  return {
    expected: `one of ${words.join(", ")}`,
    test: (value) => words.some((word) => word === value),
  };
}

function objectOf<T>(rules: FieldRules<T>): FieldRule {
  return {
    expected: "a complete object",
    test: (value) => isRecord(value) && findBrokenField(value, rules) === null,
  };
}

function listOf<T>(rules: FieldRules<T>): FieldRule {
  const item = objectOf(rules);
  return {
    expected: "a list of complete objects",
    test: (value) => Array.isArray(value) && value.every(item.test),
  };
}

const logLimits = objectOf<LogLimits>({ segment_bytes: count, max_bytes: count });

/** The fields of `runtime.json`. */
export const RUNTIME_FIELDS: FieldRules<RuntimeSnapshot> = {
  schema_version: count,
  runtime_id: text,
  display_name: orNull(text),
  config_path: orNull(text),
  created_at: text,
  status: oneOf("open", "closed"),
  limits: objectOf<StoreSpec>({ events: logLimits, transcripts: logLimits }),
  next_event_id: count,
  diagnostics: listOf<RecordedDiagnostic>({
    at: text,
    service: orNull(text),
    code: text,
    message: text,
  }),
};

const specFields: Omit<FieldRules<ServiceSnapshot["spec"]>, "env"> = {
  name: text,
  program: object,
  args: texts,
  cwd: text,
  data_dir: text,
  env_file: orNull(text),
  inherit_env: flag,
  depends_on: texts,
  endpoint: orNull(text),
  version: orNull(text),
  health: orNull(object),
  restart: object,
  stop: object,
  limits: object,
  logs: object,
};

/** The fields of `service.json`. */
export const SERVICE_FIELDS: FieldRules<StoredServiceSnapshot> = {
  schema_version: count,
  runtime_id: text,
  service_id: text,
  spec: objectOf<ServiceSnapshot["spec"]>({ ...specFields, env: textTable }),
  binary: orNull(text),
  config_digest: text,
  desired: oneOf("running", "stopped"),
  state: oneOf(...SERVICE_STATES),
  health: oneOf("unknown", "starting", "healthy", "unhealthy"),
  launch: orNull(objectOf<NonNullable<ServiceSnapshot["launch"]>>({
    id: text,
    at: text,
    identity: orNull(objectOf({ pid: count, start_time: text, boot_id: text })),
    binary: text,
    config_digest: text,
    stdout_offset: count,
    stderr_offset: count,
  })),
  last_exit: orNull(objectOf({ exit_code: orNull(count), signal: orNull(text) })),
  reason: orNull(objectOf({ code: text, message: text })),
  restarts: count,
  failures_at: texts,
  next_transcript_id: count,
};

/** The fields of `environment.json`. */
export const ENVIRONMENT_FIELDS: FieldRules<EnvironmentSnapshot> = {
  schema_version: count,
  runtime_id: text,
  service_id: text,
  env: textTable,
};

/** The fields of `configs/DIGEST.json`. */
export const CONFIG_FIELDS: FieldRules<ConfigBundle> = {
  schema_version: count,
  runtime_id: text,
  service_id: text,
  config_digest: text,
  first_launched_at: text,
  binary: text,
  spec: objectOf<ConfigBundle["spec"]>({ ...specFields, env: texts }),
};

/**
 * Looks for a field that is not as it should be.
 *
 * @param value The object.
 * @param rules What it should be like. Fields without a rule are not looked at.
 * @returns What is wrong, as the end of a sentence, or null.
 */
export function findBrokenField<T>(
  value: Readonly<Record<string, unknown>>,
  rules: FieldRules<T>,
): string | null {
  for (const [key, { expected, test }] of Object.entries<FieldRule>(rules)) {
    if (!test(value[key])) return `\`${key}\` is not ${expected}`;
  }
  return null;
}
