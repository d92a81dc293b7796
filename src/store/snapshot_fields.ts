/**
 * Which fields snapshots have: a file that lacks one, or has another kind of value, is none.
 *
 * @module
 */

import type { RuntimeSnapshot, ServiceSnapshot } from "../model/snapshots.ts";

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

/** The rule of an object all of whose values are texts. */
export const textTable: FieldRule = {
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

/** The fields of `runtime.json`. */
export const RUNTIME_FIELDS: FieldRules<RuntimeSnapshot> = {
  schema_version: count,
  runtime_id: text,
  display_name: orNull(text),
  config_path: orNull(text),
  created_at: text,
  next_event_id: count,
};

/** The fields of `service.json`. */
export const SERVICE_FIELDS: FieldRules<ServiceSnapshot> = {
  schema_version: count,
  runtime_id: text,
  service_id: text,
  spec: objectOf<ServiceSnapshot["spec"]>({
    name: text,
    program: object,
    args: texts,
    cwd: text,
    data_dir: text,
    env: textTable,
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
  }),
  binary: orNull(text),
  config_digest: text,
  desired: oneOf("running", "stopped"),
  state: oneOf(
    "unmanaged",
    "stopped",
    "starting",
    "running",
    "stopping",
    "backoff",
    "crashed",
  ),
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
