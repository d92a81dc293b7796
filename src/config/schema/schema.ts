/**
 * The tables and keys of `hale.toml`, with their defaults as they would be written in the file.
 *
 * @module
 */

import * as v from "valibot";
import { HTTP_METHODS } from "../../model/health_spec.ts";
import {
  DEPENDENCY_CONDITIONS,
  FOREVER_MS,
  REOPEN_SIGNALS,
  RERUNS,
  STOP_SIGNALS,
} from "../../model/service_spec.ts";
import {
  duration,
  filledListOf,
  filledText,
  flag,
  headerName,
  isTable,
  listOf,
  oneOf,
  scalar,
  size,
  statusRanges,
  table,
  tableOf,
  text,
  textOrTexts,
  variableName,
  version,
  wholeNumber,
} from "./schema_values.ts";

/** The value of `health` for a service without a check, not even of its endpoint. */
export const NO_HEALTH = "none";

const highestPort = 65535;
const pause = duration({ positive: false });
const span = duration({ positive: true });

/** The keys of one check, in `health`, `health.start` and `health.liveness`. */
const checkKeys = {
  http: v.optional(filledText),
  tcp: v.optional(filledText),
  exec: v.optional(filledListOf(text)),
  log: v.optional(filledText),
  method: v.optional(oneOf(HTTP_METHODS), "GET"),
  headers: v.optional(
    tableOf(text, { key: headerName, example: 'headers = { Authorization = "Bearer TOKEN" }' }),
    {},
  ),
  status: v.optional(statusRanges, "2xx"),
  expect: v.optional(tableOf(scalar, { example: 'expect = { status = "ok" }' }), {}),
  identify: v.optional(tableOf(scalar, { example: 'identify = { name = "api" }' }), {}),
};

/** `health`. */
export const HealthTable = table({
  ...checkKeys,
  within: v.optional(span, "10s"),
  interval: v.optional(span, "5s"),
  timeout: v.optional(span, "1s"),
  failures: v.optional(wholeNumber(1), 3),
  successes: v.optional(wholeNumber(1), 1),
  on_unhealthy: v.optional(oneOf(["restart", "report"]), "report"),
  start: v.optional(table({
    ...checkKeys,
    within: v.optional(span),
    timeout: v.optional(span, "1s"),
  }, 'start = { log = "listening", within = "2m" }')),
  liveness: v.optional(table({
    ...checkKeys,
    interval: v.optional(span, "10s"),
    timeout: v.optional(span, "5s"),
    failures: v.optional(wholeNumber(1), 3),
  }, 'liveness = { http = "http://127.0.0.1:8080/live" }')),
}, 'health = { tcp = "127.0.0.1:8080" }');

const FOREVER = "forever";

const policy = oneOf(["always", "on-failure", "never"]);

/** `restart` as a table. The defaults survive an outage of two minutes. */
const RestartTable = table({
  policy: v.optional(policy, "on-failure"),
  max: v.optional(wholeNumber(0), 10),
  window: v.optional(
    v.lazy((input) =>
      input === FOREVER
        ? v.pipe(v.literal(FOREVER), v.transform(() => FOREVER_MS))
        : duration({ positive: true, otherwise: FOREVER })
    ),
    "10m",
  ),
  // Each default follows the other value: see restart_delays.ts.
  delay: v.optional(pause),
  max_delay: v.optional(pause),
  reset_after: v.optional(pause, "60s"),
  pause: v.optional(pause, "0s"),
  success: v.optional(filledListOf(wholeNumber(0, 255)), [0]),
}, 'restart = { policy = "always" }');

/** `restart`: the policy alone, or a table. */
const Restart = v.lazy((input) =>
  typeof input === "string"
    ? v.pipe(policy, v.transform((policy) => v.parse(RestartTable, { policy })))
    : isTable(input)
    ? RestartTable
    : never<v.InferOutput<typeof RestartTable>>(
      'expected "always", "on-failure" or "never", or a table such as restart = { policy = "always" }',
    )
);

/** `depends_on`: one service, a list, or a table with the condition of each. */
const DependsOn = v.lazy((input) =>
  typeof input === "string"
    ? filledText
    : isTable(input)
    ? tableOf(oneOf(DEPENDENCY_CONDITIONS), { example: 'depends_on = { db = "healthy" }' })
    : Array.isArray(input)
    ? listOf(filledText)
    : never<string[]>(
      'expected a service, a list, or a table such as depends_on = { db = "healthy" }',
    )
);

/** Refuses a value of a type that has no form here. */
function never<T>(message: string): v.GenericSchema<T, T> {
  return v.custom<T>(() => false, message);
}

/** `stop`. */
const StopTable = table({
  signal: v.optional(oneOf(STOP_SIGNALS), "SIGTERM"),
  command: v.optional(filledListOf(text)),
  // The default depends on the system: `defaultStopTimeoutMs()`.
  timeout: v.optional(pause),
}, 'stop = { signal = "SIGINT", timeout = "10s" }');

/** `limits`. */
const LimitsTable = table({
  memory: v.optional(size()),
  open_files: v.optional(wholeNumber(1)),
  nice: v.optional(wholeNumber(-20, 19)),
  umask: v.optional(
    v.pipe(text, v.regex(/^0?[0-7]{3}$/, 'expected three octal digits, such as "027"')),
  ),
}, 'limits = { memory = "512MiB" }');

/** `logs`. */
const LogsTable = table({
  max_size: v.optional(size(), "10MiB"),
  keep: v.optional(wholeNumber(0), 5),
  reopen_signal: v.optional(oneOf(REOPEN_SIGNALS)),
}, 'logs = { max_size = "10MiB", keep = 5 }');

const word = v.optional(filledText);
const hash = v.optional(
  v.pipe(
    text,
    v.regex(/^[0-9a-f]{64}$/i, "expected a SHA-256 checksum: 64 hexadecimal digits"),
    v.toLowerCase(),
  ),
);

/** A table with one value for each target. */
function byTarget<const T extends v.GenericSchema>(value: T, example: string) {
  return v.optional(
    table({
      "linux-amd64": value,
      "linux-arm64": value,
      "darwin-amd64": value,
      "darwin-arm64": value,
      "windows-amd64": value,
      "windows-arm64": value,
    }, example),
    {},
  );
}

/** `release`. */
const ReleaseTable = table({
  endpoint: v.optional(filledText),
  endpoint_env: v.optional(variableName),
  github: v.optional(
    v.pipe(
      text,
      v.regex(
        /^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/,
        'expected "OWNER/REPOSITORY", such as "nats-io/nats-server"',
      ),
    ),
  ),
  tag: v.optional(filledText),
  version: v.optional(version),
  url: v.optional(filledText),
  checksums: v.optional(textOrTexts),
  sha256: byTarget(hash, 'sha256 = { linux-amd64 = "HASH" }'),
  minisign: v.optional(
    v.pipe(
      text,
      v.regex(
        /^RW[A-Za-z0-9+/]{54}$/,
        'expected a minisign public key: 56 characters that begin with "RW"',
      ),
    ),
  ),
  asset: v.optional(filledText),
  bin: v.optional(filledText),
  os: v.optional(
    table({ linux: word, darwin: word, windows: word }, 'os = { darwin = "macos" }'),
    {},
  ),
  arch: v.optional(table({ amd64: word, arm64: word }, 'arch = { amd64 = "x86_64" }'), {}),
  targets: byTarget(word, 'targets = { linux-amd64 = "x86_64-unknown-linux-gnu" }'),
}, 'release = { github = "OWNER/REPOSITORY", asset = "tool-${os}-${arch}" }');

/** Retention of a log of records. Without `segment`, a segment is an eighth of `max_size`. */
function logLimits(key: "events" | "transcripts", maxSize: string) {
  const limits = table({
    max_size: v.optional(size(), maxSize),
    segment: v.optional(size()),
  }, `${key} = { max_size = "${maxSize}" }`);
  return v.optional(limits, {});
}

/** `[store]`. */
export const StoreTable = table({
  events: logLimits("events", "64MiB"),
  transcripts: logLimits("transcripts", "8MiB"),
}, '[store] with events = { max_size = "64MiB" }');

/** `[store]` with its defaults. */
export type StoreTable = v.InferOutput<typeof StoreTable>;

/** `[services.NAME]` or a preset. */
export const ServiceTable = table({
  preset: v.optional(filledText),
  version: v.optional(version),
  version_env: v.optional(variableName),
  endpoint: v.optional(filledText),
  bind_host: v.optional(
    v.pipe(
      filledText,
      v.regex(/^[^[\]]+$/, 'expected a host without brackets, such as "127.0.0.1" or "::1"'),
    ),
  ),
  bind_port: v.optional(wholeNumber(1, highestPort)),
  binary: v.optional(filledText),
  binary_env: v.optional(variableName),
  local_builds: v.optional(listOf(filledText), []),
  auto_download: v.optional(flag, true),
  on_mismatch: v.optional(oneOf(["reuse", "replace", "fail"]), "reuse"),
  command: v.optional(filledText),
  args: v.optional(listOf(text), []),
  cwd: v.optional(filledText),
  env: v.optional(tableOf(text, { key: variableName, example: 'env = { PORT = "8080" }' }), {}),
  env_file: v.optional(filledText),
  inherit_env: v.optional(flag, true),
  depends_on: v.optional(DependsOn, []),
  ready_after: v.optional(pause, "1s"),
  rerun: v.optional(oneOf(RERUNS)),
  data_dir: v.optional(filledText),
  health: v.optional(v.lazy((value) => value === NO_HEALTH ? v.literal(NO_HEALTH) : HealthTable)),
  restart: v.optional(Restart, {}),
  stop: v.optional(StopTable, {}),
  limits: v.optional(LimitsTable, {}),
  logs: v.optional(LogsTable, {}),
  release: v.optional(ReleaseTable),
}, '[services.web] with command = "node"');

/** A service with its preset and its defaults; strings still contain their placeholders. */
export type ServiceTable = v.InferOutput<typeof ServiceTable>;

/** `health` of a {@linkcode ServiceTable}, unless it is {@linkcode NO_HEALTH}. */
export type HealthTable = v.InferOutput<typeof HealthTable>;

/** `release` of a {@linkcode ServiceTable}. */
export type ReleaseTable = v.InferOutput<typeof ReleaseTable>;
