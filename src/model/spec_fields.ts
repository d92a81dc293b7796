/**
 * The fields of a service's configuration, as a supervisor gets it from a command or from its own
 * snapshot. It relies on all of them.
 *
 * @module
 */

import * as v from "valibot";
import {
  count,
  type FieldRules,
  flag,
  kindOf,
  listOf,
  name,
  nested,
  objectOf,
  oneOf,
  orNull,
  tableOf,
  text,
  texts,
  textTable,
} from "./field_rules.ts";
import {
  type HealthSpec,
  HTTP_METHODS,
  type PolledCheck,
  type WatchedCheck,
} from "./health_spec.ts";
import {
  DEPENDENCY_CONDITIONS,
  type EngineSpec,
  type LimitsSpec,
  type LogLimits,
  type LogsSpec,
  type ReleaseSpec,
  REOPEN_SIGNALS,
  RERUNS,
  type RestartSpec,
  type ServiceSpec,
  STOP_SIGNALS,
  type StopSpec,
  type StoreSpec,
} from "./service_spec.ts";

const logLimits = objectOf<LogLimits>({ segment_bytes: count, max_bytes: count });

/** Retention of a runtime's records. */
export const STORE_FIELDS = objectOf<StoreSpec>({ events: logLimits, transcripts: logLimits });

const release = nested<ReleaseSpec>({
  endpoint: orNull(text),
  github: orNull(text),
  tag: text,
  url: text,
  checksums: texts,
  sha256: textTable,
  minisign: orNull(text),
  asset: text,
  bin: orNull(text),
  os: textTable,
  arch: textTable,
  targets: textTable,
});

const engine = nested<EngineSpec>({
  name: text,
  version: text,
  version_source: text,
  // Absent in snapshots of earlier versions of hale.
  file_digest: v.optional(orNull(text)),
  binary: orNull(text),
  binary_env: orNull(text),
  local_builds: texts,
  local_root: text,
  auto_download: flag,
  on_mismatch: oneOf("reuse", "replace", "fail"),
  release,
});

const program = kindOf({ unmanaged: {}, command: { command: text }, engine: { engine } });

const scalar = v.custom(
  (value) => ["string", "boolean"].includes(typeof value) || Number.isFinite(value),
  "a string, a number, true or false",
);

/** With its program first. */
const command = v.pipe(texts, v.minLength(1, "a command"));

const check = kindOf({
  http: {
    url: v.pipe(text, v.check((url) => URL.canParse(url), "a URL")),
    method: oneOf(...HTTP_METHODS),
    headers: textTable,
    status: v.array(v.tuple([count, count], "a range"), "a list of ranges"),
    expect: tableOf(scalar),
    identify: tableOf(scalar),
  },
  tcp: { host: text, port: count },
  exec: { command },
  log: { pattern: text },
});

const health = nested<HealthSpec>({
  check,
  within_ms: count,
  interval_ms: count,
  timeout_ms: count,
  failures: count,
  successes: count,
  implied: flag,
  on_unhealthy: oneOf("restart", "report"),
  start: orNull(nested<PolledCheck>({ check, within_ms: count, timeout_ms: count })),
  liveness: orNull(nested<WatchedCheck>({
    check,
    interval_ms: count,
    timeout_ms: count,
    failures: count,
    successes: count,
  })),
});

const restart = nested<RestartSpec>({
  policy: oneOf("always", "on-failure", "never"),
  max: count,
  window_ms: count,
  delay_ms: count,
  max_delay_ms: count,
  reset_after_ms: count,
  pause_ms: count,
  success: v.array(count, "a list of exit codes"),
});

const stop = nested<StopSpec>({
  signal: oneOf(...STOP_SIGNALS),
  command: orNull(command),
  timeout_ms: count,
});

const limits = nested<LimitsSpec>({
  memory_bytes: orNull(count),
  open_files: orNull(count),
  nice: orNull(v.custom(Number.isSafeInteger, "a whole number")),
  umask: orNull(text),
});

const logs = nested<LogsSpec>({
  max_size_bytes: count,
  keep: count,
  reopen_signal: orNull(oneOf(...REOPEN_SIGNALS)),
});

/** All fields but `env`, of which some files have only the names. */
export const SPEC_FIELDS_BUT_ENV = {
  name,
  program,
  args: texts,
  cwd: text,
  data_dir: text,
  env_file: orNull(text),
  inherit_env: flag,
  depends_on: listOf<ServiceSpec["depends_on"][number]>({
    service: text,
    condition: oneOf(...DEPENDENCY_CONDITIONS),
  }),
  ready_after_ms: count,
  rerun: oneOf(...RERUNS),
  endpoint: orNull(text),
  version: orNull(text),
  health: orNull(health),
  restart,
  stop,
  limits,
  logs,
} satisfies Record<Exclude<keyof ServiceSpec, "env">, v.GenericSchema>;

/** The configuration of a service. */
export const SPEC_FIELDS: FieldRules<ServiceSpec> = objectOf<ServiceSpec>({
  ...SPEC_FIELDS_BUT_ENV,
  env: textTable,
});
